"""What we ask of the recordings of a live call (Twilio's page "Recordings resource", its part on calls)."""

from typing import Any, Literal
from urllib.parse import quote

from telephony.client import Recording, ask, recording_from

Status = Literal["paused", "in-progress", "stopped"]

EVENTS = ("in-progress", "completed", "absent")


def start(call_sid: str, *, channels: int, callback: str) -> Recording:
    """Begin to record a live call, whatever document it is in, until it ends ("Start a recording").

    With two channels the first is what the call's own party says, the second is what that party hears. While one of
    ours runs on the call, another wish for one begins nothing. It is not repeated after an unclear answer all the same:
    Twilio's pages promise nothing of that, and `list_of_call` tells. Refused NOT_IN_PROGRESS: the call is not live, or
    not yet.
    """
    return recording_from(
        ask(
            lambda library: _of(library, call_sid).recordings.create(
                recording_channels="dual" if channels == 2 else "mono",
                recording_track="both",
                trim="do-not-trim",  # a length that differs from the talk's would put each mark at the wrong place
                recording_status_callback=callback,
                recording_status_callback_method="POST",
                recording_status_callback_event=list(EVENTS),
            ),
            harmless=False,
        )
    )


def change(call_sid: str, recording_sid: str, status: Status, *, skip: bool = False) -> Recording:
    """Pause, resume or stop a recording ("Update a recording"). Saying it twice does no harm; a stop is for good.

    A pause leaves silence of its length in the audio or, with `skip`, nothing. Refused NOT_IN_PROGRESS: the recording
    has ended, perhaps by the first of two tries to stop it.
    """
    more = {"pause_behavior": "skip" if skip else "silence"} if status == "paused" else {}
    return recording_from(
        ask(
            lambda library: _of(library, call_sid).recordings(_path(recording_sid)).update(status=status, **more),
            harmless=True,
        )
    )


def list_of_call(call_sid: str) -> list[Recording]:
    """List a call's recordings, running and finished, the newest first ("Read multiple recordings of a call")."""
    found = ask(lambda library: _of(library, call_sid).recordings.list(page_size=1000), harmless=True)
    return [recording_from(record) for record in found]


def _of(library: Any, sid: str) -> Any:
    return library.calls(_path(sid))


def _path(part: str) -> str:
    return quote(part, safe="")
