"""The form of a trial: what is supposed of caller, time, people and answers. It asks for what the flow can reach."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ivr.apology import EVERYTHING_ELSE
from ivr.kinds.base import Step
from ivr.kinds.call_back import CallBack
from ivr.kinds.conference_room import ConferenceRoom
from ivr.kinds.hours import Hours
from ivr.kinds.known import KnownCaller
from ivr.kinds.look_up import LookUp
from ivr.kinds.queue import Queue
from ivr.kinds.ring import Ring
from ivr.kinds.send_away import SendAway
from ivr.kinds.settings import NAME
from ivr.kinds.share import Share
from ivr.kinds.text import Text
from ivr.trial.conditions import Conditions, QueueAs, RoomAs
from ivr.trial.world import World
from telephony import numbers

#: a number of the range that is kept for stories
SOMEBODY = "+12025550123"
MADE_UP = "made up"
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
_PAIR = re.compile(rf"\s*({NAME})\s*=\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that belong together, under a title."""

    title: str
    fields: tuple[str, ...]
    help: str = ""
    is_open: bool = False


class TryingForm(forms.Form):
    """What is supposed. `known` tells who has a number, at a time."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        world: World,
        conditions: Conditions,
        versions: Sequence[tuple[str, str]],
        known: Callable[[str, datetime], KnownCaller | None] | None,
    ) -> None:
        super().__init__(auto_id="try-%s")
        self.world = world
        self.before = conditions
        self.known = known
        self.parts: list[Part] = []
        self._of_id: dict[str, dict[str, str]] = {}
        steps = world.steps()
        self._call(conditions, versions)
        self._caller(conditions)
        self._hours(conditions, steps)
        self._queues(conditions, steps)
        self._people(conditions, steps)
        self._answers(conditions, steps)
        self._rooms(conditions, steps)
        self._rest(conditions, steps)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs.setdefault("class", "cc-input")
        if data is not None:
            self.data = self._filled(data)
            self.is_bound = True

    def _filled(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Give what was sent; what the form did not ask for yet, because the flow has changed, is as it begins."""
        shown = set(str(data.get("asked", "")).split())
        missing = {name: field.initial for name, field in self.fields.items() if name not in shown}
        return {**missing, **{name: data[name] for name in self.fields if name in shown and name in data}}

    @property
    def asked(self) -> str:
        """What the form asks for, to be sent along with the answers."""
        return " ".join(self.fields)

    def sections(self) -> Iterator[tuple[Part, list[forms.BoundField], bool]]:
        """Give the parts with their fields, each with whether it is to be seen at once."""
        for part in self.parts:
            fields = [self[name] for name in part.fields]
            yield part, fields, part.is_open or any(field.errors for field in fields)

    # what is asked for

    def _add(self, title: str, fields: dict[str, forms.Field], *, about: str = "", is_open: bool = False) -> None:
        if fields:
            self.fields.update(fields)
            self.parts.append(Part(title, tuple(fields), about, is_open))

    def _call(self, given: Conditions, versions: Sequence[tuple[str, str]]) -> None:
        local = given.at.astimezone(ZoneInfo(given.zone))
        addresses = [line.address for line in self.world.lines if line.address != EVERYTHING_ELSE]
        lines = [
            (line.address, f"{line.name} ({numbers.show(line.address)})")
            for line in sorted(self.world.lines, key=lambda one: (one.flow != self.world.document.flow, one.name))
            if line.address != EVERYTHING_ELSE
        ]
        if given.number and given.number not in addresses:
            lines.insert(0, (given.number, numbers.show(given.number)))
        zones = sorted({given.zone, "UTC", *(week.time_zone for week in self.world.weeks.values())})
        self.zones = zones
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
        self._add(gettext("The call"), fields, is_open=True)

    def _caller(self, given: Conditions) -> None:
        known = given.known
        who = "withheld" if numbers.is_withheld(given.caller) else "number"
        if known is not None:
            who = "blocked" if known.is_blocked else "vip" if known.is_vip else "made_up"
        attributes = "\n".join(f"{name} = {value}" for name, value in (known.attributes if known else {}).items())
        fields: dict[str, forms.Field] = {
            "who": forms.ChoiceField(
                label=_("Who calls"), choices=WHO if self.known else [one for one in WHO if one[0] != "contact"],
                initial=who,
            ),
            "caller": forms.CharField(
                label=_("Their number"), initial=given.caller or SOMEBODY, required=False, max_length=255,
                widget=forms.TextInput(attrs={"list": "try-contacts", "autocomplete": "off"}),
            ),
        }  # fmt: skip
        self._add(gettext("The caller"), fields, is_open=True)
        made_up: dict[str, forms.Field] = {
            "name": forms.CharField(
                label=_("Name"), initial=known.name if known else "", required=False, max_length=200
            ),
            "language": forms.ChoiceField(
                label=_("Language"), required=False, initial=known.language if known else "",
                choices=[("", gettext("not known")), *((one, one) for one in self.world.document.script.languages)],
            ),
            "attributes": forms.CharField(
                label=_("Attributes"), initial=attributes, required=False,
                help_text=_("One per line: plan = gold"), widget=forms.Textarea(attrs={"rows": 3}),
            ),
        }  # fmt: skip
        about = gettext("Only counts for a caller who is made up.")
        self._add(gettext("The made-up contact"), made_up, about=about)

    def _hours(self, given: Conditions, steps: Iterable[Step]) -> None:
        keys = _references(steps, Hours)
        fields: dict[str, forms.Field] = {
            self._name("hours", key): forms.ChoiceField(
                label=self.world.schedules.get(key, key), choices=STATES, required=False,
                initial=given.openings.get(key, ""),
            )
            for key in keys if key in self.world.schedules
        }  # fmt: skip
        self._add(gettext("Opening hours"), fields)

    def _queues(self, given: Conditions, steps: Iterable[Step]) -> None:
        for key in _references(steps, Queue):
            queue = self.world.queues.get(key)
            if queue is None:
                continue
            supposed = given.queues.get(key, QueueAs())
            fields: dict[str, forms.Field] = {
                self._name("staffed", key): forms.BooleanField(
                    label=_("Somebody is there to take calls"), required=False, initial=supposed.staffed
                ),
                self._name("full", key): forms.BooleanField(
                    label=_("The queue is full"), required=False, initial=supposed.full
                ),
                self._name("after", key): forms.IntegerField(
                    label=_("Taken after seconds"), required=False, min_value=0, max_value=14_400,
                    initial=supposed.answered_after, help_text=_("Empty: nobody takes the call."),
                ),
                self._name("place", key): forms.IntegerField(
                    label=_("Place in line"), required=False, min_value=1, max_value=10_000, initial=supposed.place
                ),
                self._name("from", key): forms.IntegerField(
                    label=_("Estimated wait: from minutes"), required=False, min_value=0, max_value=600,
                    initial=supposed.minutes[0] if supposed.minutes else None,
                ),
                self._name("to", key): forms.IntegerField(
                    label=_("to minutes"), required=False, min_value=0, max_value=600,
                    initial=supposed.minutes[1] if supposed.minutes else None,
                    help_text=_("Empty: nothing is known of it yet."),
                ),
            }  # fmt: skip
            self._add(gettext("Queue “%(queue)s”") % {"queue": queue.name}, fields)

    def _people(self, given: Conditions, steps: Iterable[Step]) -> None:
        for step in steps:
            if isinstance(step, Ring):
                words = given.rung.get(step.id, "").split() or ["answered"]
                names = step.targets if step.order == "in_turn" else (", ".join(step.targets),)
                fields: dict[str, forms.Field] = {
                    self._name(f"rung{place}", step.id): forms.ChoiceField(
                        label=name or step.name, choices=RUNG, initial=words[min(place, len(words) - 1)]
                    )
                    for place, name in enumerate(names)
                }
                about = gettext("What happens when they are rung.")
                self._add(gettext("Who is rung in “%(step)s”") % {"step": step.name}, fields, about=about)
            elif isinstance(step, SendAway):
                away = forms.ChoiceField(label=step.address, choices=AWAY, initial=given.away.get(step.id, "taken"))
                title = gettext("Who is sent the call in “%(step)s”") % {"step": step.name}
                self._add(title, {self._name("away", step.id): away})
            elif isinstance(step, Share):
                ways = [("", gettext("As chance draws")), *((one.exit, one.exit) for one in step.options)]
                drawn = forms.ChoiceField(
                    label=_("Way"), choices=ways, required=False, initial=given.drawn.get(step.id, "")
                )
                self._add(gettext("Chance in “%(step)s”") % {"step": step.name}, {self._name("drawn", step.id): drawn})

    def _answers(self, given: Conditions, steps: Iterable[Step]) -> None:
        kept: dict[str, dict[str, None]] = {}
        for step in steps:
            if isinstance(step, LookUp) and step.reference in self.world.sources:
                kept.setdefault(step.reference, {}).update(dict.fromkeys(step.brings()))
        for key, names in kept.items():
            told = given.looked_up.get(key)
            written = "\n".join(f"{name} = {value}" for name, value in (told or dict.fromkeys(names, "")).items())
            fields: dict[str, forms.Field] = {
                self._name("answers", key): forms.BooleanField(
                    label=_("It answers in time"), required=False, initial=told is not None
                ),
                self._name("answer", key): forms.CharField(
                    label=_("Its answer"), required=False, initial=written,
                    help_text=_("One per line: name = value"), widget=forms.Textarea(attrs={"rows": 3}),
                ),
            }  # fmt: skip
            self._add(gettext("Look-up at “%(source)s”") % {"source": self.world.sources[key]}, fields)

    def _rooms(self, given: Conditions, steps: Iterable[Step]) -> None:
        for key in _references(steps, ConferenceRoom):
            room = self.world.rooms.get(key)
            if room is None:
                continue
            supposed = given.rooms.get(key, RoomAs())
            fields: dict[str, forms.Field] = {
                self._name("room_full", key): forms.BooleanField(
                    label=_("The room is full"), required=False, initial=supposed.full
                ),
                self._name("room_closed", key): forms.BooleanField(
                    label=_("Its host closes it"), required=False, initial=supposed.closed
                ),
            }
            about = gettext("In a trial the PIN of hosts is %(host)s, that of guests %(guest)s.") % {
                "host": supposed.host_pin,
                "guest": supposed.guest_pin,
            }
            self._add(gettext("Room “%(room)s”") % {"room": room.name}, fields, about=about)

    def _rest(self, given: Conditions, steps: Iterable[Step]) -> None:
        fields: dict[str, forms.Field] = {}
        steps = list(steps)
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
        self._add(gettext("The rest"), fields)

    def _name(self, what: str, key: str) -> str:
        self._of_id.setdefault(what, {})[key] = f"{what}-{key}"
        return f"{what}-{key}"

    # what was answered

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise ValidationError(_("There is no such time zone. Write it like Europe/Berlin or America/New_York."))
        return zone

    def clean_caller(self) -> str:
        written = (self.cleaned_data["caller"] or "").strip()
        if numbers.is_withheld(written) or ":" in written:
            return written
        number = numbers.parse(written, country="US")
        if number is None:
            raise ValidationError(_("This is no telephone number. Write it like +12025550123."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("attributes", *self._of_id.get("answer", {}).values()):
            if name in cleaned:
                try:
                    cleaned[name] = dict(_pairs(cleaned[name]))
                except ValidationError as wrong:
                    self.add_error(name, wrong)
        return cleaned

    def conditions(self) -> Conditions:
        """Give what is supposed; the form is valid."""
        given = self.cleaned_data
        at = datetime.combine(given["date"], given["time"], ZoneInfo(given["zone"]))
        who, caller = given["who"], "" if given["who"] == "withheld" else given["caller"]
        return Conditions(
            at=at,
            number=given["number"],
            caller=caller,
            zone=given["zone"],
            known=self._known(who, caller, at),
            queues={key: self._queue(key) for key in self._of_id.get("staffed", {})},
            looked_up={
                key: given[self._of_id["answer"][key]] if given[name] else None
                for key, name in self._of_id.get("answers", {}).items()
            },
            rung=self._rung(),
            openings=self._chosen("hours"),
            drawn=self._chosen("drawn"),
            away=self._chosen("away"),
            rooms={
                key: replace(
                    self.before.rooms.get(key, RoomAs()),
                    full=given[name],
                    closed=given[self._of_id["room_closed"][key]],
                )
                for key, name in self._of_id.get("room_full", {}).items()
            },
            consent=given.get("consent", self.before.consent),
            recorded=given.get("recorded", self.before.recorded),
            call_backs=given.get("call_backs", self.before.call_backs),
            texts=given.get("texts", self.before.texts),
            talk=given["talk"],
        )

    def _chosen(self, what: str) -> dict[str, str]:
        return {
            key: self.cleaned_data[name] for key, name in self._of_id.get(what, {}).items() if self.cleaned_data[name]
        }

    def _rung(self) -> dict[str, str]:
        found: dict[str, list[str]] = {}
        for what in sorted(name for name in self._of_id if name.startswith("rung")):
            for key, name in self._of_id[what].items():
                found.setdefault(key, []).append(self.cleaned_data[name])
        return {key: " ".join(words) for key, words in found.items()}

    def _queue(self, key: str) -> QueueAs:
        def said(what: str) -> Any:
            return self.cleaned_data[self._of_id[what][key]]

        low, high = said("from"), said("to")
        minutes = (low or 0, max(low or 0, high)) if high is not None else None
        return QueueAs(said("staffed"), said("full"), said("after"), said("place"), minutes)

    def _known(self, who: str, caller: str, at: datetime) -> KnownCaller | None:
        if who == "contact":
            return self.known(caller, at) if self.known else None
        if who not in ("made_up", "vip", "blocked"):
            return None
        given = self.cleaned_data
        return KnownCaller(
            MADE_UP,
            given["name"],
            given["language"],
            is_vip=who == "vip",
            is_blocked=who == "blocked",
            attributes=given["attributes"],
        )


def _references(steps: Iterable[Step], kind: type[Step]) -> list[str]:
    return list(dict.fromkeys(step.reference for step in steps if isinstance(step, kind) and step.reference))


def _pairs(written: str) -> Iterator[tuple[str, str]]:
    for line in written.splitlines():
        if not line.strip():
            continue
        found = _PAIR.fullmatch(line)
        if found is None:
            raise ValidationError(
                _("“%(line)s” is not such as: name = value. Names are small letters, digits and _."),
                params={"line": line.strip()[:40]},
            )
        yield found[1], found[2]
