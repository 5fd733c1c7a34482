"""What a replay cannot know, and why. Pure."""

from enum import StrEnum
from typing import NamedTuple


class Why(StrEnum):
    ERASED = "erased"  # the history, or what was pressed, is kept no longer
    NEVER_ASKED = "never-asked"  # a question that this call was never asked
    ASKED_AGAIN = "asked-again"  # the same question once more than then
    OTHER_WORDS = "other-words"  # hung up, and would hear something else
    SECRET = "secret"  # what was pressed is kept nowhere  # noqa: S105
    WHO_CALLS = "who-calls"
    LOOKED_UP = "looked-up"
    VALUE = "value"  # something that the call had before
    CONSENT = "consent"
    STAFFED = "staffed"
    WAIT = "wait"  # would wait longer than then
    RUNG = "rung"  # other people, or for another time
    NOT_TEXTED = "texted"
    BY_SIP = "by-sip"  # in which way the call came in
    OUTCOME = "outcome"  # the step was set up otherwise
    VERSION = "version"  # what was published then cannot be read


class Unknown(NamedTuple):
    """Why it is not known how a call goes on, and in which step."""

    why: Why
    step: str = ""
    name: str = ""


class CannotKnow(Exception):
    """The recording does not tell how the call goes on."""

    def __init__(self, why: Why, step: str = "", name: str = "") -> None:
        super().__init__(f"{why} in step {name or step}")
        self.unknown = Unknown(why, step, name)
