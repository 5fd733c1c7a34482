"""What the faults make of sounds and pictures on their way."""

from dataclasses import replace

from simulator.exchanges import violation
from simulator.rest.request import RestRequest, RestResponse


def befallen(request: RestRequest, media: RestResponse) -> RestResponse:
    """Return what the faults make of a sound or a picture on its way."""
    faults = request.board.faults
    fault = faults.for_media(request.method, request.path, request.board.fault_dice)
    if fault is not None:
        request.found.append(violation(0, "warning", f"Fault: {fault}"))
    half = media.size // 2
    match fault:
        case "404":
            raise request.not_found()
        case "cut":
            return replace(media, length=half)
        case "short":
            return replace(media, length=half, headers=media.headers | {"Content-Length": str(half)})
        case "slow":
            return replace(media, seconds=faults.slow_seconds)
    return media
