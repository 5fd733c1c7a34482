"""Calls somebody through the contact center, follows what happens, and hears of it. Nothing but Python 3.9 or newer.

export CONTACT_CENTER=http://127.0.0.1:8000 API_KEY=cc_...
python3 client.py call '{"to": "+14155550100", "flow": 1, "reference": "deal-7"}'
python3 client.py listen 9000 whsec_...
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

API = os.environ.get("CONTACT_CENTER", "http://127.0.0.1:8000") + "/api/v1"
KEY = os.environ.get("API_KEY", "")


def ask(method, path, body=None, **headers):
    """Ask the API, and give its answer; what is wrong with the question is said in the error."""
    headers |= {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(API + path, data, headers, method=method), timeout=10) as answer:
            return json.load(answer)
    except HTTPError as error:
        sys.exit(error.read().decode())


def call(order):
    """Have somebody called, and print what happens until it is over."""
    # repeated with the same key, as after a lost answer, it would still ring once
    made = ask("POST", "/calls", order, **{"Idempotency-Key": str(uuid.uuid4())})
    print("ordered", made["id"], flush=True)
    for event in follow(made["conversation"]):
        print(event["sequence"], event["type"], json.dumps(event["data"]), flush=True)
        if event["type"] == "call.completed":
            return


def follow(conversation, after=0):
    """Read the feed of events, for ever. Nothing is left out, and nothing comes in before what was read."""
    while True:
        page = ask("GET", f"/events?after={after}&conversation={conversation}")
        yield from page["items"]
        after = page["next"]
        if not page["more"]:
            time.sleep(1)


def verify(headers, body, secret):
    """Tell whether the contact center has sent this, and lately. `body` is what came, byte by byte."""
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    ours = "v1," + base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    is_fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    # while a secret is replaced there are two signatures
    return is_fresh and any(hmac.compare_digest(ours, one) for one in headers["webhook-signature"].split())


def listen(port, secret):
    """Print what is sent to us, and refuse what others send."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ours = verify(self.headers, body, secret)
            self.send_response(204 if ours else 401)
            self.end_headers()
            if ours:  # the same event may come twice: its webhook-id tells
                print(self.headers["webhook-id"], json.loads(body)["type"], flush=True)

        def log_message(self, *_):
            pass

    HTTPServer(("127.0.0.1", port), Door).serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "call":
        call(json.loads(sys.argv[2]))
    else:
        listen(int(sys.argv[2]), sys.argv[3])
