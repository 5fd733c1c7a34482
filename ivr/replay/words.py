"""What a replay says to people: where calls come to, and what of them cannot be known."""

from collections.abc import Iterable, Mapping

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conferences.models import Room
from ivr.replay.ends import End, Kind
from ivr.replay.unknown import Why
from queues.models import Queue
from recordings.models import Mailbox

#: whose names ends go by
NAMED: Mapping[Kind, type[Queue] | type[Mailbox] | type[Room]] = {
    Kind.QUEUE: Queue,
    Kind.CALL_BACK: Queue,
    Kind.VOICEMAIL: Mailbox,
    Kind.ROOM: Room,
}

_SAYS: Mapping[Kind, Promise] = {
    Kind.QUEUE: gettext_lazy("reaches %(name)s (queue)"),
    Kind.VOICEMAIL: gettext_lazy("reaches voicemail %(name)s"),
    Kind.RING: gettext_lazy("rings “%(step)s”"),
    Kind.ROOM: gettext_lazy("comes into room %(name)s"),
    Kind.CALL_BACK: gettext_lazy("is called back from %(name)s"),
    Kind.AWAY: gettext_lazy("is sent away in “%(step)s”"),
    Kind.HUNG_UP: gettext_lazy("hangs up in “%(step)s”"),
    Kind.ENDED: gettext_lazy("flow ends in “%(step)s”"),
    Kind.REFUSED: gettext_lazy("is refused in “%(step)s”"),
    Kind.FAILED: gettext_lazy("something goes wrong in “%(step)s”"),
}
_PLACES: Mapping[Kind, Promise] = {
    Kind.QUEUE: gettext_lazy("%(name)s"),
    Kind.VOICEMAIL: gettext_lazy("voicemail %(name)s"),
    Kind.RING: gettext_lazy("the telephones of “%(step)s”"),
    Kind.ROOM: gettext_lazy("room %(name)s"),
    Kind.CALL_BACK: gettext_lazy("a call back from %(name)s"),
    Kind.AWAY: gettext_lazy("where “%(step)s” sends them"),
    Kind.HUNG_UP: gettext_lazy("a hang-up in “%(step)s”"),
    Kind.ENDED: gettext_lazy("the end in “%(step)s”"),
    Kind.REFUSED: gettext_lazy("the refusal in “%(step)s”"),
    Kind.FAILED: gettext_lazy("a failure in “%(step)s”"),
}
_OPEN: Mapping[Kind, Promise] = {
    Kind.QUEUE: gettext_lazy("whether and when somebody takes the call there cannot be known"),
    Kind.VOICEMAIL: gettext_lazy("whether they leave a message cannot be known"),
    Kind.RING: gettext_lazy("whether somebody answers cannot be known"),
}
_BEYOND = gettext_lazy("what happens there cannot be known")

_WHY: Mapping[str, Promise] = {
    Why.ERASED: gettext_lazy(
        "What is kept of these calls does not tell it any more: it was erased, or its time was over."
    ),
    Why.NEVER_ASKED: gettext_lazy("These callers were never asked this question."),
    Why.ASKED_AGAIN: gettext_lazy("These callers would be asked once more than they were."),
    Why.OTHER_WORDS: gettext_lazy("These callers hung up here. Now they would hear something else."),
    Why.SECRET: gettext_lazy(
        "What these callers pressed is secret and kept nowhere, and it would be judged in another way."
    ),
    Why.WHO_CALLS: gettext_lazy("It was not noted what this step asks about the caller."),
    Why.LOOKED_UP: gettext_lazy("What your computer would have answered to this question is not known."),
    Why.VALUE: gettext_lazy("The way depends on something that was kept of the call, which is not known here."),
    Why.CONSENT: gettext_lazy("Whether these callers would have agreed to be recorded is not known."),
    Why.STAFFED: gettext_lazy("Whether anybody was staffed at that moment was not noted, as it did not count then."),
    Why.WAIT: gettext_lazy("These callers would wait in another way, or longer, than they did."),
    Why.RUNG: gettext_lazy("Other people would be rung, or for another time: whether they answer is not known."),
    Why.NOT_TEXTED: gettext_lazy("Whether a text could have been sent is not known."),
    Why.BY_SIP: gettext_lazy("Whether these calls came by SIP was not noted."),
    Why.OUTCOME: gettext_lazy("This step was set up in another way then, or the call broke off in it."),
    Why.VERSION: gettext_lazy("The version that these callers met cannot be read any more."),
}


class Names:
    """The names of what ends refer to, read once for all of them."""

    def __init__(self, ends: Iterable[End]) -> None:
        wanted: dict[type[Queue] | type[Mailbox] | type[Room], set[str]] = {}
        for end in ends:
            if end.kind in NAMED and end.of.isdecimal():
                wanted.setdefault(NAMED[end.kind], set()).add(end.of)
        self.found = {
            (model, str(pk)): str(name)
            for model, keys in wanted.items()
            for pk, name in model._default_manager.filter(pk__in=keys).values_list("pk", "name")
        }

    def of(self, end: End) -> str:
        name = self.found.get((NAMED[end.kind], end.of)) if end.kind in NAMED else ""
        return name or end.step or _("(deleted)")


def says(end: End, names: Names) -> str:
    """Tell where a call comes to, as a sentence without its subject."""
    return str(_SAYS[end.kind]) % {"name": names.of(end), "step": end.step or _("no step")}


def place(end: End, names: Names) -> str:
    """Name where a call comes to."""
    return str(_PLACES[end.kind]) % {"name": names.of(end), "step": end.step or _("no step")}


def beyond(end: End) -> str:
    """Tell what is not known of a place that a call would reach."""
    return str(_OPEN.get(end.kind, _BEYOND))


def why(what: str) -> str:
    return str(_WHY.get(what, what))


def count(number: int) -> str:
    """Write a number as people read it."""
    return number_format(number, decimal_pos=0, force_grouping=True)
