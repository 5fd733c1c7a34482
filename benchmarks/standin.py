"""A stand-in for Twilio that deletes whatever it is asked to, in a process of its own; it prints its address."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Gone(BaseHTTPRequestHandler):
    """Deletes whatever it is asked to."""

    protocol_version = "HTTP/1.1"

    def do_DELETE(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Stay quiet."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gone)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
