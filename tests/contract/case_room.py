"""heng room: a centre is believed by its certificate, before anything is said to it."""
import http.server
import ssl
import subprocess
import tempfile
import threading

import contract
from contract import expect, heng, refuses


class Centre:
    """A TLS server that counts what it is asked and answers nothing that a node could use."""

    def __init__(self):
        self.asked = asked = []
        self.folder = folder = tempfile.mkdtemp(dir=contract.folder)
        self.certificate = f"{folder}/certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-keyout", f"{folder}/key.pem", "-out", self.certificate, "-days", "2",
                        "-subj", "/CN=centre", "-addext", "subjectAltName=IP:127.0.0.1"],
                       check=True, capture_output=True)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(404)
                self.end_headers()

            do_POST = do_GET

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                """A handshake that the other side broke off."""

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, f"{folder}/key.pem")
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def joins(centre, *words):
    data = f"{tempfile.mkdtemp(dir=contract.folder)}/node"
    return heng("room", "--data", data, "--join", centre.url, "--code", "ABCDEFGHJKMNPQRSTVWX", *words)


def wrong_certificate():
    """S40: a centre whose certificate nobody vouches for is told nothing, not even the code."""
    with Centre() as centre, Centre() as other:
        a = joins(centre)
        expect(a.code in (1, 2, 3) and a.err.strip(), "the centre was believed", a)
        a = joins(centre, "--ca", other.certificate)
        expect(a.code in (1, 2, 3) and a.err.strip(), "the centre was believed", a)
        expect(centre.asked == [], f"it was asked {centre.asked}")
        a = joins(centre, "--ca", centre.certificate)
        expect(a.code in (1, 2, 3) and centre.asked, "with its authority it is not even asked", a)


def cases():
    yield "room: a wrong centre certificate is refused before anything is said", wrong_certificate
    yield "room --join of plain http elsewhere is bad input", \
        lambda: refuses("room", "--data", "node", "--join", "http://192.0.2.1", "--code", "A", field="--join")
