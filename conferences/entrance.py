"""The verbs that bring somebody into a standing room. Pure."""

from telephony.twiml import Conference, Dial


def verbs(name: str, label: str, *, host: bool, most: int, music: str, news: str, onward: str) -> tuple[Dial]:
    """Bring a leg into a room's conference, and then on to `onward`. Guests hear `music` until a host is there."""
    noun = Conference(
        name, label=label, beep=True, start_on_enter=host, wait_url=music, most=most, status_callback=news
    )
    return (Dial((noun,), action=onward),)
