"""The form of a trial: what is supposed of caller, time, people and answers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ivr.forms import supposing
from ivr.forms.supposing import Part
from ivr.kinds.known import KnownCaller
from ivr.kinds.settings import NAME
from ivr.scenarios.standin import NOBODY
from ivr.trial.conditions import Conditions, QueueAs, RoomAs
from ivr.trial.world import World
from telephony import numbers

_PAIR = re.compile(rf"\s*({NAME})\s*=\s*(.*?)\s*")


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
        self.before = conditions
        self.known = known
        self.zones = supposing.zones(conditions, world)
        self.parts = list(supposing.parts(conditions, world, versions=versions, may_see_contacts=known is not None))
        for part in self.parts:
            self.fields.update(part.fields)
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
        for name in ("attributes", *self._names("answer").values()):
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
            queues={key: self._queue(key) for key in self._names("staffed")},
            looked_up={
                key: given[f"answer-{key}"] if given[name] else None for key, name in self._names("answers").items()
            },
            rung=self._rung(),
            openings=self._chosen("hours"),
            drawn=self._chosen("drawn"),
            away=self._chosen("away"),
            rooms={
                key: replace(
                    self.before.rooms.get(key, RoomAs()),
                    full=given[name],
                    closed=given[f"room_closed-{key}"],
                )
                for key, name in self._names("room_full").items()
            },
            consent=given.get("consent", self.before.consent),
            recorded=given.get("recorded", self.before.recorded),
            call_backs=given.get("call_backs", self.before.call_backs),
            texts=given.get("texts", self.before.texts),
            talk=given["talk"],
        )

    def _chosen(self, what: str) -> dict[str, str]:
        return {key: self.cleaned_data[name] for key, name in self._names(what).items() if self.cleaned_data[name]}

    def _rung(self) -> dict[str, str]:
        found: dict[str, list[str]] = {}
        for name in self.fields:  # of one step in the order in which they are rung
            what, _dash, key = name.partition("-")
            if what.startswith("rung"):
                found.setdefault(key, []).append(self.cleaned_data[name])
        return {key: " ".join(words) for key, words in found.items()}

    def _names(self, what: str) -> dict[str, str]:
        """Give the fields of one sort by the id of what they are about."""
        return {name.partition("-")[2]: name for name in self.fields if name.startswith(f"{what}-")}

    def _queue(self, key: str) -> QueueAs:
        def said(what: str) -> Any:
            return self.cleaned_data[f"{what}-{key}"]

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
            NOBODY,
            given["name"],
            given["language"],
            is_vip=who == "vip",
            is_blocked=who == "blocked",
            attributes=given["attributes"],
        )


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
