"""Neighbours that cost a gateway something: each function makes one, and keeps it up until it is ended. Everything is on 127.0.0.1, and bounded."""
import http.client, json, os, socket, ssl, sys, threading, time

GATEWAY, BEARER, PKI = int(os.environ["GATEWAY"]), os.environ["NOISY"], os.environ["PKI"]
ACCOUNT = "/mtls/account/noisy"
ending = threading.Event()


def call(method, path, body=None, headers=None, timeout=30):
    connection = http.client.HTTPConnection("127.0.0.1", GATEWAY, timeout=timeout)
    try:
        connection.request(method, path, body, {"Authorization": f"Bearer {BEARER}", **(headers or {})})
        return connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return b""
    finally:
        connection.close()


def forward(url, method="GET", body=None, headers=None):
    return call(method, ACCOUNT, body, {"LP-forward-url": url, "LP-service-name": "WEBHOOKS", **(headers or {})})


def again(work, callers):
    def run(number):
        turn = 0
        while not ending.is_set():
            work(number, turn)
            turn += 1
            ending.wait(0.1)
    for number in range(callers):
        threading.Thread(target=run, args=(number,), daemon=True).start()


def server(handle, tls=None):
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()
    def serve(connection):
        try:
            handle(tls.wrap_socket(connection, server_side=True) if tls else connection)
        except OSError:
            pass
        finally:
            connection.close()
    threading.Thread(target=accept, daemon=True).start()
    return f"https://127.0.0.1:{listener.getsockname()[1]}/"


def context(name="server", demand=False):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(f"{PKI}/{name}.pem", f"{PKI}/{name}.key")
    if demand:
        tls.verify_mode = ssl.CERT_REQUIRED
        tls.load_verify_locations(f"{PKI}/ca.pem")
    return tls


def drip(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not ending.is_set():
        connection.sendall(b"x")
        ending.wait(1)


def keep(connection):
    while connection.recv(65536):
        pass


def answer_and_close(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def slow_body():
    while not ending.is_set():
        yield b"x"
        ending.wait(1)


def form(parts):
    boundary = "neighbour"
    return "".join(f"--{boundary}\r\nContent-Disposition: form-data; name=\"p{part}\"\r\n\r\n1\r\n" for part in range(parts)) + f"--{boundary}--\r\n", \
        {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def p12():
    boundary = "neighbour"
    with open(f"{PKI}/costly.p12", "rb") as file:
        content = file.read()
    head = f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.p12\"\r\nContent-Type: application/octet-stream\r\n\r\n".encode()
    tail = f"\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nside-by-side\r\n--{boundary}--\r\n".encode()
    return head + content + tail, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def silent_names(callers):
    again(lambda number, turn: forward(f"https://n{number}-{turn}.silent.example/"), callers)


def silent_addresses(callers):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    filling = socket.create_connection(listener.getsockname())
    url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
    again(lambda number, turn: (forward(url), filling), callers)


def endless_handshakes(callers):
    url = server(keep)
    again(lambda number, turn: forward(url), callers)


def mute_remotes(callers):
    url = server(keep, context())
    again(lambda number, turn: forward(url), callers)


def dripping_answers(callers):
    url = server(drip, context())
    again(lambda number, turn: forward(url), callers)


def dripping_uploads(callers):
    url = server(keep, context())
    again(lambda number, turn: forward(url, "POST", slow_body(), {"Transfer-Encoding": "chunked"}), callers)


def large_json(callers):
    body = b"[" + b"1," * (50 * 1024 * 1024 - 1) + b"1]"
    again(lambda number, turn: call("POST", "/api/account/noisy/checks/serviceUrlMappings", body, {"Content-Type": "application/json"}), min(callers, 4))


def form_parts(callers):
    body, headers = form(300_000)
    again(lambda number, turn: call("POST", f"{ACCOUNT}/p12-test/multipart", body.encode(), headers), min(callers, 4))


def costly_p12(callers):
    body, headers = p12()
    again(lambda number, turn: call("POST", f"{ACCOUNT}/p12-test/multipart", body, headers), callers)


def rsa_8192_handshakes(callers):
    url = os.environ["RSA_URL"]
    again(lambda number, turn: forward(url), callers)


def close_each(port):
    """The remote of rsa_8192_handshakes: demands a certificate and closes after each answer."""
    tls, listener = context(demand=True), socket.create_server(("127.0.0.1", port), backlog=512)
    while True:
        connection, _ = listener.accept()
        def serve(connection=connection):
            try:
                answer_and_close(tls.wrap_socket(connection, server_side=True))
            except OSError:
                pass
            finally:
                connection.close()
        threading.Thread(target=serve, daemon=True).start()


def silent_name_server(address):
    """Takes questions on port 53 and answers none."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind((address, 53))
    while True:
        listener.recvfrom(512)


if __name__ == "__main__":
    if sys.argv[1] == "close_each":
        close_each(int(sys.argv[2]))
    elif sys.argv[1] == "silent_name_server":
        silent_name_server(sys.argv[2])
    else:
        globals()[sys.argv[1]](int(sys.argv[2]))
        time.sleep(float(sys.argv[3]))
        ending.set()
