metadata description = 'Shapes of parameters that more than one file uses.'

@export()
@description('An OpenID Connect issuer whose tokens are believed.')
@sealed()
type tokenIssuer = {
  @description('A name of your choice, which becomes part of setting names.')
  @minLength(1)
  @maxLength(32)
  name: string

  @description('The exact iss of its tokens: https://login.microsoftonline.com/{tenant}/v2.0 for Microsoft Entra ID.')
  @minLength(8)
  @maxLength(512)
  issuer: string

  @description('Accepted aud values. May be empty only where accountClaim is aud.')
  @maxLength(16)
  audiences: string[]

  @description('The claim that carries the account id.')
  @minLength(1)
  @maxLength(128)
  accountClaim: string

  @description('The accounts that it may speak for: ids, beginnings of ids with * at the end, claims in braces. Needed as soon as there are two issuers; none means all.')
  @maxLength(256)
  accounts: string[]?

  @description('The claim that carries the permissions: roles for Microsoft Entra ID.')
  @minLength(1)
  @maxLength(128)
  permissionClaim: string
}

@export()
@description('How people sign in to the console in a browser: the authorization code flow with PKCE, without a secret.')
@sealed()
type consoleSignIn = {
  @description('The OpenID Connect issuer whose page they sign in at: one of the token issuers, https://login.microsoftonline.com/{tenant}/v2.0 for Microsoft Entra ID.')
  @minLength(8)
  @maxLength(512)
  authority: string

  @description('Client id of the console there: a public client (single-page application) with https://{host}/console as a redirect URI.')
  @minLength(1)
  @maxLength(128)
  clientId: string

  @description('The scopes that are asked for, openid among them and one of this API, so that the token is for it: openid api://mtlsfunctions/.default.')
  @minLength(6)
  @maxLength(512)
  scope: string
}

@export()
@description('Somebody who copies, restores and drills.')
@sealed()
type operator = {
  @description('Object id of the person, group or service principal in Microsoft Entra ID.')
  @minLength(36)
  @maxLength(36)
  principalId: string

  @description('What it is the id of.')
  principalType: 'Group' | 'ServicePrincipal' | 'User'
}

@export()
@description('What a month may cost before the alerts\' addresses are told.')
@sealed()
type budget = {
  @description('Amount in the currency of the subscription\'s bills.')
  @minValue(1)
  @maxValue(1000000)
  amount: int

  @description('First day of a month, of this one when it is set first: 2026-12-01.')
  @minLength(10)
  @maxLength(10)
  startDate: string
}

@export()
@description('Tags by name.')
type tagsByName = {
  @description('Value of the tag that the key names.')
  *: string
}

@description('Callers reach the app itself; the platform names their address.')
@sealed()
type noFrontEnd = {
  @description('Discriminator.')
  kind: 'none'
}

@description('Azure Front Door is in front, and nobody gets past it.')
@sealed()
type frontDoor = {
  @description('Discriminator.')
  kind: 'frontDoor'

  @description('The profile\'s id (a GUID, "Front Door ID" in the portal): other people\'s profiles are refused by it.')
  @minLength(36)
  @maxLength(36)
  profileId: string
}

@description('An Application Gateway, or another reverse proxy of yours, is in front, and nobody gets past it.')
@sealed()
type reverseProxy = {
  @description('Discriminator.')
  kind: 'reverseProxy'

  @description('Addresses (CIDR) that it calls from.')
  @minLength(1)
  @maxLength(16)
  addresses: string[]

  @description('Request header that it overwrites with the calling address: for Application Gateway a rewrite rule with client_ip. Not X-Forwarded-For, which the Functions host replaces.')
  @minLength(1)
  @maxLength(64)
  addressHeader: string
}

@export()
@description('What stands between callers and the app.')
@discriminator('kind')
type frontEnd = noFrontEnd | frontDoor | reverseProxy

@export()
@description('A name of your own, whose DNS records lead to the app and whose certificate is in a Key Vault that the app\'s identity may read.')
@sealed()
type customDomain = {
  @description('The host name.')
  @minLength(4)
  @maxLength(253)
  name: string

  @description('Resource id of the Key Vault with its server certificate (another one than the app\'s own); the app\'s identity has the role Key Vault Certificate User there.')
  @minLength(1)
  @maxLength(512)
  certificateVaultId: string

  @description('Name of the certificate there.')
  @minLength(1)
  @maxLength(127)
  certificateName: string
}

@description('Keys rest in a Key Vault that the template makes.')
@sealed()
type keyVault = {
  @description('Discriminator.')
  kind: 'KeyVault'

  @description('Software-protected keys, or keys protected by a hardware module.')
  sku: 'standard' | 'premium'

  @description('Days for which a deleted certificate can be recovered. Can\'t be changed later.')
  @minValue(7)
  @maxValue(90)
  softDeleteDays: int
}

@description('Keys rest in a HashiCorp Vault or OpenBao that is there already.')
@sealed()
type hashiCorpVault = {
  @description('Discriminator.')
  kind: 'HashiCorp'

  @description('Its https address, port included: https://vault.example.com:8200.')
  @minLength(9)
  @maxLength(512)
  address: string

  @description('The role of its JWT method that trusts the app\'s identity. No password is needed, so none is asked for.')
  @minLength(1)
  @maxLength(128)
  jwtRole: string

  @description('Scope of the token that the app shows there, whose audience the role is bound to: api://{application}/.default.')
  @minLength(1)
  @maxLength(512)
  jwtScope: string

  @description('Where the KV version 2 engine is mounted.')
  @minLength(1)
  @maxLength(128)
  mount: string

  @description('Namespace of Vault Enterprise or OpenBao; empty for none.')
  @maxLength(256)
  namespace: string
}

@export()
@description('Where keys rest.')
@discriminator('kind')
type vault = keyVault | hashiCorpVault
