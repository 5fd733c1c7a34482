"""What browsers are allowed on our own pages: our own scripts and styles, and the edge of the browser phone.

The admin is left out: its package writes styles and expressions into its pages (docs/decisions/0007).
"""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from contacts.reading import framed_origins

PAGES = ("/desk/", "/board/", "/api/docs/", "/api/problems/")
FRAMES = "/desk/"  # the page that shows contacts' pages of other systems
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(self), payment=(), usb=()"


def content_security(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Add the headers to what is answered below these addresses."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path_info.startswith(PAGES):
            frames = framed_origins() if request.path_info == FRAMES else ()
            response.headers["Content-Security-Policy"] = content_security_policy(frames)
            response.headers["Permissions-Policy"] = PERMISSIONS
        return response

    return answered


def content_security_policy(frames: Iterable[str] = ()) -> str:
    """Give the policy of this place: with the simulator its address is the only other one, else Twilio's few are.

    `frames` are the origins of pages that may be shown in ours; no other can be.
    """
    sounds, edges = ([], [settings.SIMULATOR_URL]) if settings.SIMULATOR_URL else (_twilios_files(), _twilios_edges())
    directives = {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "frame-src": sorted(set(frames)) or ["'none'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'", "blob:", "mediastream:", *sounds],
        "connect-src": ["'self'", *edges],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def _twilios_files() -> list[str]:
    return ["https://sdk.twilio.com", "https://media.twiliocdn.com"]


def _twilios_edges() -> list[str]:
    """As the Voice SDK's README lists them: signaling at the nearest edge or the one that is set, and its events."""
    edges = ["roaming", *([settings.TWILIO_EDGE] if settings.TWILIO_EDGE else [])]
    events = f"eventgw.{settings.TWILIO_REGION}" if settings.TWILIO_REGION else "eventgw"
    return [f"https://{events}.twilio.com", *(f"wss://voice-js.{edge}.twilio.com" for edge in edges), *_twilios_files()]
