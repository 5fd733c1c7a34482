"""What the form of a trial asks for: only what callers of the flow can come to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ivr.apology import EVERYTHING_ELSE
from ivr.kinds.base import Step
from ivr.kinds.call_back import CallBack
from ivr.kinds.conference_room import ConferenceRoom
from ivr.kinds.hours import Hours
from ivr.kinds.look_up import LookUp
from ivr.kinds.queue import Queue
from ivr.kinds.raw_twiml import RawTwiml
from ivr.kinds.ring import Ring
from ivr.kinds.send_away import SendAway
from ivr.kinds.share import Share
from ivr.kinds.text import Text
from ivr.trial.conditions import Conditions, QueueAs, RoomAs
from ivr.trial.world import World
from telephony import numbers

#: a number of the range that is kept for stories
SOMEBODY = "+12025550123"
WHO = (
    ("number", _("Somebody who is not known")),
    ("contact", _("The contact who has this number")),
    ("made_up", _("A made-up contact")),
    ("vip", _("A made-up contact who is a VIP")),
    ("blocked", _("A made-up contact who is blocked")),
    ("withheld", _("Somebody who hides their number")),
)
RUNG = (
    ("answered", _("Answers")),
    ("no-answer", _("Does not answer")),
    ("busy", _("Is busy")),
    ("declined", _("Refuses the call")),
    ("failed", _("Cannot be rung: the number is wrong")),
)
STATES = (
    ("", _("As its hours say at that time")),
    ("open", _("Open")),
    ("closed", _("Closed")),
    ("holiday", _("A holiday")),
)
AWAY = (("taken", _("Take it")), ("refused", _("Refuse it")), ("failed", _("Cannot be reached")))
CONSENTS = (
    ("policy", _("As the policies of recording say")),
    ("ask", _("The caller is asked")),
    ("tell", _("The caller is told")),
    ("none", _("Nothing is said")),
)
CALL_BACKS = (
    ("stored", _("Is kept")),
    ("present", _("Had been asked for before")),
    ("refused", _("Is refused: that number is not called")),
    ("failed", _("Cannot be kept")),
)
TEXTS = (("sent", _("Is sent")), ("refused", _("Is not sent: a landline, or no texts are wanted")))


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that belong together, under a title. What is asked of one thing is named by it: `staffed-3`."""

    title: str
    fields: dict[str, forms.Field]
    help: str = ""
    is_open: bool = False


def parts(
    given: Conditions, world: World, *, versions: Sequence[tuple[str, str]], may_see_contacts: bool
) -> Iterator[Part]:
    """Give all that a trial of this world asks for, as it is `given`."""
    steps = world.steps()
    yield from _call(given, world, versions)
    yield from _caller(given, world, WHO if may_see_contacts else [one for one in WHO if one[0] != "contact"])
    found = (
        *(*_hours(given, world, steps), *_queues(given, world, steps), *_people(given, steps)),
        *(*_answers(given, world, steps), *_rooms(given, world, steps), *_rest(given, steps)),
    )
    yield from (part for part in found if part.fields)


def zones(given: Conditions, world: World) -> list[str]:
    """Give the time zones that are offered; others can be written."""
    return sorted({given.zone, "UTC", *(week.time_zone for week in world.weeks.values())})


def _call(given: Conditions, world: World, versions: Sequence[tuple[str, str]]) -> Iterator[Part]:
    local = given.at.astimezone(ZoneInfo(given.zone))
    addresses = [line.address for line in world.lines if line.address != EVERYTHING_ELSE]
    lines = [
        (line.address, f"{line.name} ({numbers.show(line.address)})")
        for line in sorted(world.lines, key=lambda one: (one.flow != world.document.flow, one.name))
        if line.address != EVERYTHING_ELSE
    ]
    if given.number and given.number not in addresses:
        lines.insert(0, (given.number, numbers.show(given.number)))
    fields: dict[str, forms.Field] = {
        "version": forms.ChoiceField(
            label=_("What is tried"), choices=list(versions), initial=next(key for key, _label in versions)
        ),
        "number": forms.ChoiceField(
            label=_("Number that is called"), choices=lines or [("", gettext("No number yet"))], required=False,
            initial=given.number,
        ),
        "date": forms.DateField(
            label=_("Date"), initial=local.date(), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        ),
        "time": forms.TimeField(
            label=_("Time"), initial=local.time().replace(second=0, microsecond=0),
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        ),
        "zone": forms.CharField(
            label=_("Time zone"), initial=given.zone, help_text=_("Whose clocks show this time."),
            widget=forms.TextInput(attrs={"list": "try-zones"}),
        ),
    }  # fmt: skip
    yield Part(gettext("The call"), fields, is_open=True)


def _caller(given: Conditions, world: World, choices: Sequence[tuple[str, Any]]) -> Iterator[Part]:
    known = given.known
    who = "withheld" if numbers.is_withheld(given.caller) else "number"
    if known is not None:
        who = "blocked" if known.is_blocked else "vip" if known.is_vip else "made_up"
    attributes = "\n".join(f"{name} = {value}" for name, value in (known.attributes if known else {}).items())
    fields: dict[str, forms.Field] = {
        "who": forms.ChoiceField(
            label=_("Who calls"), choices=choices,
            initial=who,
        ),
        "caller": forms.CharField(
            label=_("Their number"), initial=given.caller or SOMEBODY, required=False, max_length=255,
            widget=forms.TextInput(attrs={"list": "try-contacts", "autocomplete": "off"}),
        ),
    }  # fmt: skip
    yield Part(gettext("The caller"), fields, is_open=True)
    made_up: dict[str, forms.Field] = {
        "name": forms.CharField(
            label=_("Name"), initial=known.name if known else "", required=False, max_length=200
        ),
        "language": forms.ChoiceField(
            label=_("Language"), required=False, initial=known.language if known else "",
            choices=[("", gettext("not known")), *((one, one) for one in world.document.script.languages)],
        ),
        "attributes": forms.CharField(
            label=_("Attributes"), initial=attributes, required=False,
            help_text=_("One per line: plan = gold"), widget=forms.Textarea(attrs={"rows": 3}),
        ),
    }  # fmt: skip
    about = gettext("Only counts for a caller who is made up.")
    yield Part(gettext("The made-up contact"), made_up, help=about)


def _hours(given: Conditions, world: World, steps: Sequence[Step]) -> Iterator[Part]:
    keys = _references(steps, Hours)
    fields: dict[str, forms.Field] = {
        f"hours-{key}": forms.ChoiceField(
            label=world.schedules.get(key, key), choices=STATES, required=False,
            initial=given.openings.get(key, ""),
        )
        for key in keys if key in world.schedules
    }  # fmt: skip
    yield Part(gettext("Opening hours"), fields)


def _queues(given: Conditions, world: World, steps: Sequence[Step]) -> Iterator[Part]:
    for key in _references(steps, Queue):
        queue = world.queues.get(key)
        if queue is None:
            continue
        supposed = given.queues.get(key, QueueAs())
        fields: dict[str, forms.Field] = {
            f"staffed-{key}": forms.BooleanField(
                label=_("Somebody is there to take calls"), required=False, initial=supposed.staffed
            ),
            f"full-{key}": forms.BooleanField(
                label=_("The queue is full"), required=False, initial=supposed.full
            ),
            f"after-{key}": forms.IntegerField(
                label=_("Taken after seconds"), required=False, min_value=0, max_value=14_400,
                initial=supposed.answered_after, help_text=_("Empty: nobody takes the call."),
            ),
            f"place-{key}": forms.IntegerField(
                label=_("Place in line"), required=False, min_value=1, max_value=10_000, initial=supposed.place
            ),
            f"from-{key}": forms.IntegerField(
                label=_("Estimated wait: from minutes"), required=False, min_value=0, max_value=600,
                initial=supposed.minutes[0] if supposed.minutes else None,
            ),
            f"to-{key}": forms.IntegerField(
                label=_("to minutes"), required=False, min_value=0, max_value=600,
                initial=supposed.minutes[1] if supposed.minutes else None,
                help_text=_("Empty: nothing is known of it yet."),
            ),
        }  # fmt: skip
        yield Part(gettext("Queue “%(queue)s”") % {"queue": queue.name}, fields)


def _people(given: Conditions, steps: Sequence[Step]) -> Iterator[Part]:
    for step in steps:
        if isinstance(step, Ring):
            words = given.rung.get(step.id, "").split() or ["answered"]
            names = step.targets if step.order == "in_turn" else (", ".join(step.targets),)
            fields: dict[str, forms.Field] = {
                f"rung{place}-{step.id}": forms.ChoiceField(
                    label=name or step.name, choices=RUNG, initial=words[min(place, len(words) - 1)]
                )
                for place, name in enumerate(names)
            }
            about = gettext("What happens when they are rung.")
            yield Part(gettext("Who is rung in “%(step)s”") % {"step": step.name}, fields, help=about)
        elif isinstance(step, RawTwiml) and "<Dial" in step.twiml:
            rung = forms.ChoiceField(
                label=step.name, choices=RUNG, initial=given.rung.get(step.id, "answered").split()[0]
            )
            title = gettext("Who is rung in “%(step)s”") % {"step": step.name}
            yield Part(title, {f"rung0-{step.id}": rung})
        elif isinstance(step, SendAway):
            away = forms.ChoiceField(label=step.address, choices=AWAY, initial=given.away.get(step.id, "taken"))
            title = gettext("Who is sent the call in “%(step)s”") % {"step": step.name}
            yield Part(title, {f"away-{step.id}": away})
        elif isinstance(step, Share):
            ways = [("", gettext("As chance draws")), *((one.exit, one.exit) for one in step.options)]
            drawn = forms.ChoiceField(
                label=_("Way"), choices=ways, required=False, initial=given.drawn.get(step.id, "")
            )
            yield Part(gettext("Chance in “%(step)s”") % {"step": step.name}, {f"drawn-{step.id}": drawn})


def _answers(given: Conditions, world: World, steps: Sequence[Step]) -> Iterator[Part]:
    kept: dict[str, dict[str, None]] = {}
    for step in steps:
        if isinstance(step, LookUp) and step.reference in world.sources:
            kept.setdefault(step.reference, {}).update(dict.fromkeys(step.brings()))
    for key, names in kept.items():
        told = given.looked_up.get(key)
        written = "\n".join(f"{name} = {value}" for name, value in (told or dict.fromkeys(names, "")).items())
        fields: dict[str, forms.Field] = {
            f"answers-{key}": forms.BooleanField(
                label=_("It answers in time"), required=False, initial=told is not None
            ),
            f"answer-{key}": forms.CharField(
                label=_("Its answer"), required=False, initial=written,
                help_text=_("One per line: name = value"), widget=forms.Textarea(attrs={"rows": 3}),
            ),
        }  # fmt: skip
        yield Part(gettext("Look-up at “%(source)s”") % {"source": world.sources[key]}, fields)


def _rooms(given: Conditions, world: World, steps: Sequence[Step]) -> Iterator[Part]:
    for key in _references(steps, ConferenceRoom):
        room = world.rooms.get(key)
        if room is None:
            continue
        supposed = given.rooms.get(key, RoomAs())
        fields: dict[str, forms.Field] = {
            f"room_full-{key}": forms.BooleanField(label=_("The room is full"), required=False, initial=supposed.full),
            f"room_closed-{key}": forms.BooleanField(
                label=_("Its host closes it"), required=False, initial=supposed.closed
            ),
        }
        about = gettext("In a trial the PIN of hosts is %(host)s, that of guests %(guest)s.") % {
            "host": supposed.host_pin,
            "guest": supposed.guest_pin,
        }
        yield Part(gettext("Room “%(room)s”") % {"room": room.name}, fields, help=about)


def _rest(given: Conditions, steps: Sequence[Step]) -> Iterator[Part]:
    fields: dict[str, forms.Field] = {}
    if any(step.consents for step in steps):
        fields["consent"] = forms.ChoiceField(
            label=_("Whether calls may be recorded"), choices=CONSENTS, initial=given.consent
        )
    if any(step.hides_input for step in steps):
        fields["recorded"] = forms.BooleanField(
            label=_("The call is recorded from its beginning"), required=False, initial=given.recorded
        )
    if any(isinstance(step, CallBack) for step in steps):
        fields["call_backs"] = forms.ChoiceField(
            label=_("A wish to be called back"), choices=CALL_BACKS, initial=given.call_backs
        )
    if any(isinstance(step, Text) for step in steps):
        fields["texts"] = forms.ChoiceField(label=_("A text message"), choices=TEXTS, initial=given.texts)
    fields["talk"] = forms.IntegerField(
        label=_("A conversation lasts seconds"), min_value=1, max_value=14_400, initial=given.talk
    )
    yield Part(gettext("The rest"), fields)


def _references(steps: Iterable[Step], kind: type[Step]) -> list[str]:
    return list(dict.fromkeys(step.reference for step in steps if isinstance(step, kind) and step.reference))
