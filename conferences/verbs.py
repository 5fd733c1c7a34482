"""The verbs that bring a leg into a conference, and what is heard there. No queries."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.templatetags.static import static

from conferences.models import Announcement, Conference, Participant
from telephony import callbacks, twiml

logger = logging.getLogger(__name__)

OURS = "audio/hold.wav"
SCREENING_SECONDS = 8
ACCEPT_KEY = "1"
SCREENING_TEXT = "There is a call for you. Press 1 to take it."


def into(conference: Conference, participant: Participant) -> Sequence[twiml.Verb]:
    """Bring a leg into its conference; afterwards it goes on where it is to go on, or is hung up.

    Every one names the same address for the conference's news: only that of the first one there counts. A coach comes
    in muted, because Twilio fails the whole Dial where the coached one is not there or on hold.
    """
    noun = twiml.Conference(
        conference.name,
        label=participant.label,
        muted=True if participant.wants_muted or participant.silenced or participant.wants_coaching_id else None,
        wait_url=callbacks.document("voice-alone"),
        status_callback=callbacks.news("conference-events"),
    )
    if participant.onward:
        return (twiml.Dial((noun,), action=participant.onward),)
    return (twiml.Dial((noun,)), twiml.Hangup())


def screening(participant: Participant) -> Sequence[twiml.Verb]:
    """Ask who has picked up to press 1, which no mailbox does. Without a key the leg is hung up."""
    asked = twiml.Gather(
        action=callbacks.document("voice-accept", participant=participant.pk),
        prompts=(twiml.Say(participant.screening),),
        timeout=SCREENING_SECONDS,
        num_digits=1,
    )
    return (asked, twiml.Hangup())


def onward(participant: Participant) -> Sequence[twiml.Verb]:
    """Let a leg go that is not wanted in the room."""
    return (twiml.Redirect(participant.onward),) if participant.onward else (twiml.Hangup(),)


def alone() -> Sequence[twiml.Verb]:
    """What somebody hears who is the first in a conference; nothing in it can fail, because that would end the join."""
    return (twiml.Pause(4), twiml.Say("One moment please."), twiml.Pause(10), _again("voice-alone"))


def hold() -> Sequence[twiml.Verb]:
    """What somebody hears who is on hold. Twilio plays it once, so it leads to itself."""
    return (twiml.Play(music()), _again("voice-hold"))


def moment() -> Sequence[twiml.Verb]:
    """What the customer hears while somebody else is found."""
    return (twiml.Say(settings.ONE_MOMENT_TEXT), _again("voice-hold"))


def announcement(said: Announcement) -> Sequence[twiml.Verb]:
    return (twiml.Play(digits=said.digits),) if said.digits else (twiml.Say(said.text),)


def _again(name: str) -> twiml.Verb:
    return twiml.Redirect(callbacks.document(name))


def music() -> str:
    """Give the address of what is played to whoever has to wait."""
    return settings.HOLD_MUSIC_URL or str(settings.PUBLIC_BASE_URL) + _ours()


def _ours() -> str:
    try:
        return static(OURS)
    except ValueError:  # static files were not collected: whoever hears no music must not hear an error either
        logger.error("There is no hold music: run collectstatic")
        return f"{settings.STATIC_URL}{OURS}"
