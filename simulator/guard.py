"""What stands before every request: who may ask, how much, and what browsers are told about our answers."""

from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_HEADER = "X-Simulator-Page"
"""A header that a foreign page cannot send without asking first, and we never allow it."""

SECURITY_HEADERS = {
    # Sounds that a document plays come from the application, which may be anywhere.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "media-src 'self' blob: http: https:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
}


PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type",
    # A page of a public host asks for a machine of a private network.
    "Access-Control-Allow-Private-Network": "true",
    "Access-Control-Max-Age": "600",
}


class Guard:
    """Refuse requests that come from elsewhere, and give every answer the headers that it does not set itself."""

    def __init__(self, app: ASGIApp, *, allow_remote: bool = False, allowed_origin: str = "") -> None:
        """Pages of `allowed_origin` may use what is under /edge/, where their browser phones are."""
        self.app = app
        self.allow_remote = allow_remote
        self.allowed_origin = allowed_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        is_phone = self._is_phone(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if is_phone:
                    headers.update({"Access-Control-Allow-Origin": self.allowed_origin, "Vary": "Origin"})
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        reason = self._refusal(scope)
        if reason:
            await JSONResponse({"error": reason}, HTTPStatus.FORBIDDEN)(scope, receive, send_with_headers)
            return
        if is_phone and scope["method"] == "OPTIONS":
            await Response(status_code=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        # A page elsewhere may name this machine by a host of its own (DNS rebinding), so the name itself is checked.
        if not self.allow_remote and not is_loopback(host):
            return "The simulator answers on this machine only; --allow-remote opens it to others."
        origin = headers.get("origin")
        if origin is not None and origin != f"{scope['scheme']}://{host}" and not self._is_phone(scope):
            return "The simulator takes no requests from other sites' pages."
        changes = scope["method"] not in ("GET", "HEAD") and scope["path"].startswith("/sim/")
        if changes and PAGE_HEADER not in headers:
            return f"The simulator's page sends the header {PAGE_HEADER} with what it changes."
        return ""

    def _is_phone(self, scope: Scope) -> bool:
        origin = Headers(scope=scope).get("origin")
        return scope["path"].startswith("/edge/") and bool(origin) and origin == self.allowed_origin


def is_loopback(host: str) -> bool:
    """Tell whether a Host header (or a host alone) names this machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
