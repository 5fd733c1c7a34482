"""Reads schedules with all layers of their hours, in one statement however many there are: calls wait for it."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection

from ivr.hours.opening import Closure, DatedException, Interval, Opening, Week, YearlyDate
from ivr.models import Prompt as PromptRow
from ivr.models import Wording as WordingRow
from ivr.script import Prompt, Wording

#: dates around the asked time that hours may run on from, whatever the zone
AROUND = timedelta(days=3)

_DIFFERING = "{0}.name, {0}.opens, {0}.closes, {0}.closed_from, {0}.closed_until, {0}.prompt_id"
_READ = f"""
SELECT schedule.id, schedule.name, schedule.time_zone,
 (SELECT jsonb_agg(jsonb_build_array(i.weekday, i.opens, i.closes) ORDER BY i.id)
  FROM ivr_interval i WHERE i.schedule_id = schedule.id),
 (SELECT jsonb_agg(jsonb_build_array(e.date, {_DIFFERING.format("e")}) ORDER BY e.date, e.id)
  FROM ivr_datedexception e WHERE e.schedule_id = schedule.id AND e.date BETWEEN %(since)s AND %(until)s),
 (SELECT jsonb_agg(jsonb_build_array(y.month, y.day, {_DIFFERING.format("y")}) ORDER BY y.month, y.day, y.id)
  FROM ivr_yearlydate y WHERE y.schedule_id = schedule.id),
 (SELECT jsonb_agg(jsonb_build_array(h.date, h.name, h.prompt_id) ORDER BY h.date)
  FROM ivr_publicholiday h JOIN ivr_holidayyear confirmed ON confirmed.id = h.year_id
  WHERE confirmed.schedule_id = schedule.id AND h.is_closed AND h.date BETWEEN %(since)s AND %(until)s),
 (SELECT jsonb_agg(jsonb_build_array(c.id, c.began_at, LEAST(c.opened_at, c.ends_at), c.reason, c.prompt_id, c.message,
   c.language) ORDER BY c.began_at, c.id)
  FROM ivr_closure c JOIN ivr_closure_schedules closed ON closed.closure_id = c.id
  WHERE closed.schedule_id = schedule.id AND c.began_at <= %(end)s
   AND (LEAST(c.opened_at, c.ends_at) IS NULL OR LEAST(c.opened_at, c.ends_at) > %(begin)s))
FROM ivr_schedule schedule WHERE schedule.id = ANY(%(keys)s) ORDER BY schedule.name
"""  # noqa: S608 (made of our own words)


@dataclass(frozen=True, slots=True)
class Timetable:
    """A schedule as data. `words` are what closures say that no prompt holds, by the key that their openings name."""

    name: str
    week: Week
    words: Mapping[str, Prompt]


def timetables(
    schedules: Collection[str | int], *, since: datetime, until: datetime | None = None
) -> dict[str, Timetable]:
    """Read schedules by their keys, as strings; those that are gone are left out.

    What is over by `since`, and what begins after `until`, may be left out.
    """
    keys = [int(key) for key in schedules if str(key).isdecimal()]
    if not keys:
        return {}
    far = datetime.max.replace(tzinfo=UTC) - AROUND
    with connection.cursor() as cursor:
        cursor.execute(
            _READ,
            {
                "keys": keys,
                "since": (since - AROUND).date(),
                "until": ((until or far) + AROUND).date(),
                "begin": since - AROUND,
                "end": (until or far) + AROUND if until else far,
            },
        )
        return {str(row[0]): _timetable(*row[1:]) for row in cursor.fetchall()}


def announcements(openings: Iterable[Opening], read: Iterable[Timetable]) -> dict[str, Prompt]:
    """Give what these openings let callers hear, by its key; asks only where one names a prompt."""
    named = {one.prompt for one in openings if one.prompt}
    found = {key: words for table in read for key, words in table.words.items() if key in named}
    return found | _prompts(named - found.keys())


def _prompts(keys: Collection[str]) -> dict[str, Prompt]:
    wanted = [int(key) for key in keys if key.isdecimal()]
    if not wanted:
        return {}
    rows = (
        WordingRow.objects.filter(prompt__in=wanted)
        .order_by("language")
        .values_list("prompt_id", "prompt__name", "language", "text", "voice", "audio__sha256")
    )
    names: dict[str, str] = {}
    wordings: dict[str, dict[str, Wording]] = {}
    for key, name, language, text, voice, audio in rows:
        names[str(key)] = name
        wordings.setdefault(str(key), {})[language] = Wording(text, voice, audio or "")
    return {key: Prompt(name, wordings[key]) for key, name in names.items()}


def names_of_prompts(openings: Iterable[Opening], read: Iterable[Timetable]) -> dict[str, str]:
    """Give the names of what these openings let callers hear, by its key."""
    named = {one.prompt for one in openings if one.prompt}
    found = {key: words.name for table in read for key, words in table.words.items() if key in named}
    wanted = [int(key) for key in named - found.keys() if key.isdecimal()]
    rows = PromptRow.objects.filter(pk__in=wanted).values_list("pk", "name") if wanted else ()
    return found | {str(key): name for key, name in rows}


def _timetable(name: str, time_zone: str, *layers: Any) -> Timetable:
    intervals, exceptions, yearly, holidays, closures = map(_rows, layers)
    words = {
        f"closure:{key}": Prompt(message, {language: Wording(message)})
        for key, _begins, _ends, _reason, prompt, message, language in closures
        if message and not prompt
    }
    week = Week(
        time_zone,
        tuple(
            Interval(weekday, time.fromisoformat(opens), time.fromisoformat(closes))
            for weekday, opens, closes in intervals
        ),
        tuple(DatedException(date.fromisoformat(row[0]), *_differing(row[1:])) for row in exceptions),
        tuple(YearlyDate(row[0], row[1], *_differing(row[2:])) for row in yearly),
        tuple(DatedException(date.fromisoformat(day), name, prompt=_key(prompt)) for day, name, prompt in holidays),
        tuple(_closure(row, words) for row in closures),
    )
    return Timetable(name, week, words)


def _rows(layer: str | list[Any] | None) -> list[list[Any]]:
    rows: list[list[Any]] = json.loads(layer) if isinstance(layer, str) else layer or []
    return rows


def _differing(row: list[Any]) -> tuple[Any, ...]:
    name, *times, prompt = row
    return (name, *(time.fromisoformat(one) if one else None for one in times), _key(prompt))


def _closure(row: list[Any], words: Mapping[str, Prompt]) -> Closure:
    key, begins, ends, reason, prompt, _message, _language = row
    says = f"closure:{key}"
    return Closure(
        datetime.fromisoformat(begins),
        datetime.fromisoformat(ends) if ends else None,
        reason,
        _key(prompt) or (says if says in words else ""),
    )


def _key(prompt: int | None) -> str:
    return str(prompt) if prompt else ""
