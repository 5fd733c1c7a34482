"""What steps share that ask a caller whether something may be recorded, or tell that it is."""

from dataclasses import replace
from typing import NamedTuple

from compliance.policies import closest
from ivr.kinds.base import Heard, Keys, Move, Progress, Turn, Wait
from ivr.kinds.requests import NoteConsent, Notice, Wording
from telephony.twiml import Gather, Redirect, Say

ASKING = "asking"
YES, NO = "1", "2"
TRIES = 2


class Settled(NamedTuple):
    """All that was to be said about recording is said; `refused`: the caller has not agreed to all of it."""

    refused: bool
    requests: tuple[NoteConsent, ...] = ()


def begin(turn: Turn, consents: str) -> Move | Settled:
    """Tell or ask the first notice that is owed; `consents` is the key of what the step asks for."""
    found = turn.consents.get(consents)
    if found is None or not found.owed:
        return Settled(refused=bool(found and found.refused))
    return _say(turn, found.owed[0], Progress(phase=ASKING, index=found.owed[0].policy))


def go_on(turn: Turn, heard: Heard, consents: str) -> Move | Settled:
    """Take in what was made of a notice, and say the next one. Without an answer the question comes once more."""
    found, progress = turn.consents.get(consents), turn.progress
    owed = found.owed if found else ()
    item = next((one for one in owed if one.policy == progress.index), None)
    notes: tuple[NoteConsent, ...] = ()
    refused = progress.noted == "refused"
    if item is not None:
        answer, key = _answered(item, heard)
        if answer == "silent" and progress.silences + 1 < TRIES:
            return _say(turn, item, replace(progress, silences=progress.silences + 1))
        notes = (NoteConsent(item.policy, _worded(turn, item), answer, key),)
        refused = refused or answer in ("refused", "silent")
    following = next((one for one in owed if one.policy > progress.index), None)
    if following is None:
        return Settled(refused, notes)
    on = Progress(phase=ASKING, index=following.policy, noted="refused" if refused else "")
    said = _say(turn, following, on)
    return replace(said, requests=notes)


def _say(turn: Turn, notice: Notice, progress: Progress) -> Wait:
    words = _worded(turn, notice)
    said = Say(words.text, voice=turn.script.languages.get(words.language), language=words.language)
    if not notice.asks:  # that Twilio comes back proves that it was said
        return Wait((said, Redirect(turn.urls.resume)), progress)
    asked = Gather(action=turn.urls.resume, prompts=(said,), timeout=6, num_digits=1)
    return Wait((asked, Redirect(turn.urls.resume)), progress)


def _worded(turn: Turn, notice: Notice) -> Wording:
    found = closest([one.language for one in notice.wordings], turn.language)
    return notice.wordings[found]


def _answered(notice: Notice, heard: Heard) -> tuple[str, str]:
    if not notice.asks:
        return "told", ""
    match heard:
        case Keys("1"):
            return "agreed", YES
        case Keys("2"):
            return "refused", NO
        case _:
            return "silent", ""
