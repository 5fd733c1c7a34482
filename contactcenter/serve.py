"""`python -m contactcenter.serve`: pages and streams on one port, until Ctrl-C or SIGTERM."""

import argparse
import os
import signal
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")

from contactcenter.asgi import application, streams
from live.server import Listening


def main() -> None:
    """Serve; leave with a status other than 0 when the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m contactcenter.serve", description="Pages and streams on one port.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
    options = parser.parse_args()
    server = Listening(application, closing=streams.close, host=options.host, port=options.port)
    try:
        server.run()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    sys.exit(0 if server.started else 1)


if __name__ == "__main__":
    main()
