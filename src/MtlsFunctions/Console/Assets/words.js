// What the gateway says in a certificate's terms, for people who don't know them.

const PLAIN = {
  'p12-wrong-password': 'This password doesn’t open the file. It is the one that was chosen when the file was made; ask whoever sent it. A likely reason is named below.',
  'p12-unreadable': 'This is not a p12 file, or one that can’t be read here. The right file ends in .p12 or .pfx. Below is what this one is, and the command that makes a p12 of it.',
  'p12-without-private-key': 'The file holds a certificate but not the private key that proves who we are. Export both together.',
  'p12-key-mismatch': 'The private key in the file belongs to another certificate. Export the two that belong together.',
  'p12-several-keys': 'The file holds several keys, and it would be a guess which one to use. Export just one with its certificate.',
  'p12-key-weak': 'The key is too short to be safe, so servers would refuse it. Make a new one and have it certified.',
  'p12-key-unsupported': 'This kind of key can’t be used here. Use RSA, or ECDSA on P-256, P-384 or P-521.',
  'p12-expired': 'The certificate’s time is over, so servers would refuse it. Get a new one from its issuer.',
  'p12-not-yet-valid': 'The certificate’s time has not begun yet.',
  'p12-too-large': 'The file is larger than 18 KB. It probably holds certificates that aren’t needed.',
  'p12-key-derivation-too-costly': 'The file was protected in a way that takes too much work to open. Two commands that write it anew are below.',
  'certificate-in-use': 'Mappings still use this certificate: they would break.',
  'name-taken': 'This name is used already. Choose another.',
  'mapping-exists': 'Another mapping has this service and URL already. Change that one instead.',
  'revision-stale': 'Somebody else changed this account meanwhile. The list has been read again: look at it and repeat your change.',
  'remote-unreachable': 'The server gave no answer.',
  'target-refused': 'This gateway doesn’t call that address. An operator can allow its network: setting Forwarding:AllowedNetworks.',
  'no-mapping': 'No certificate is mapped for exactly this service and URL; the whole URL counts, its query included.',
  'certificate-unusable': 'A certificate is mapped, but it can’t be used now. Nothing was sent.',
  'login-failed': 'Account, name or password is wrong.',
  forbidden: 'You may not do this with these credentials.',
  throttled: 'Too many requests at once. Wait a moment and try again.',
};

// By the code that the gateway gives for what kept a server from answering.
const TRANSPORT = {
  'name-not-found': 'There is no server of this name. Look for a slip in the URL.',
  'name-timeout': 'No name server told in time where this server is. Its domain may have expired, or its name servers are down: ask its owner.',
  'connection-refused': 'Nothing listens at this address and port. The server is down, or the port in the URL is another one.',
  'connect-timeout': 'The server could not be reached in time. It is down, or a firewall between it and the gateway is silent.',
  'connect-failed': 'The server could not be reached: no way leads there from the gateway.',
  'tls-untrusted': 'The server’s own certificate is not believed: an issuer is missing, it is self-signed, or it isn’t for servers. Your request was not sent.',
  'tls-wrong-host': 'The server’s own certificate is for another name than the one in the URL. Your request was not sent.',
  'tls-expired': 'The server’s own certificate, or one above it, has expired or isn’t valid yet. Your request was not sent.',
  'tls-protocol': 'The server and the gateway have no version of TLS in common. Your request was not sent.',
  'tls-certificate-required': 'The server demands a client certificate, and none was sent. Map one to exactly this service and URL.',
  'tls-certificate-refused': 'The server refused the client certificate. Ask its owner whether they trust this one, and its issuer.',
  'tls-closed-after-handshake': 'The server asked for a client certificate and then closed the connection without a word. Most servers that do this refuse the certificate, or miss one. Compare its issuer with those that the server says it accepts, and ask its owner.',
  'tls-key-unsuitable': 'The server takes no signature that this certificate’s key can make, so the certificate could not be shown. One with another kind of key is needed; ask the server’s owner which.',
  'tls-no-common-cipher': 'The server takes none of the ways of encrypting that the gateway offers, most likely because it is very old. Your request was not sent.',
  'tls-too-weak': 'The server’s encryption is too weak to be safe. Its owner has to update it. Your request was not sent.',
  'tls-failed': 'The secure connection to the server failed before your request was sent.',
  'response-timeout': 'The server was reached but didn’t answer in time. It may have done what you asked.',
  'protocol-error': 'What the server answered is not valid HTTP. It may have done what you asked.',
  'response-headers-too-large': 'The headers of the server’s answer are larger than the gateway takes. An operator can raise the limit. It may have done what you asked.',
  'connection-closed': 'The server closed the connection before it answered. It may have done what you asked.',
  'request-not-processed': 'The server said that it has not taken your request, and it could not be sent again. Nothing has happened: you can repeat it.',
};

export const inPlainWords = fault => TRANSPORT[fault.code] ?? PLAIN[fault.type] ?? fault.detail ?? String(fault);

const fact = (level, title, text) => ({ level, title, text });

/** The tester's report as findings, each with what it means. */
export function findings(report) {
  return [
    fact('good', 'The file opens with this password', 'It holds one certificate and the private key that belongs to it.'),
    report.chainComplete
      ? fact('good', 'The chain is complete', 'Everything between this certificate and a known authority is in the file.')
      : fact('warn', 'The chain is not complete', 'A link to a known authority is missing. That is fine when the server trusts the issuer directly, as with a partner’s own authority; otherwise add the intermediate certificates to the file.'),
    report.clientAuthUsage
      ? fact('good', 'Made for identifying a client', 'The certificate is meant, or free, for exactly this use.')
      : fact('warn', 'Not marked for identifying a client', 'Some servers refuse such a certificate. Ask the issuer for one with the usage “client authentication”.'),
    fact('good', `A strong key: ${report.keyAlgorithm}`, 'Long enough for today’s servers.'),
    ...ofAge(report),
  ];
}

function ofAge(report) {
  const days = Math.floor((Date.parse(report.notAfter) - Date.now()) / 86_400_000);
  return [days < 30
    ? fact('warn', `It expires in ${days} days`, 'Ask for its successor now: it can be put in its place here without interruption.')
    : fact('good', `It is valid for ${days} days`, 'You will find it under Expiring when its time comes.')];
}
