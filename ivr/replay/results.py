"""What replays came to, for the pages that show it: sentences, figures, and the calls behind each figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Call
from ivr.models import Flow, Replay, ReplayedVisit
from ivr.replay import digests, reading, words
from ivr.replay.figures import Figures
from ivr.replay.words import Names
from ivr.states import ReplayState


@dataclass(frozen=True, slots=True)
class Line:
    """A figure: so many calls came there and would come here, or it is not known why and in which step.

    `query` opens its calls.
    """

    count: int
    was: str
    would: str
    beyond: str
    step: str
    step_name: str
    query: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a replay came to, in words and figures, the largest first."""

    replay: Replay
    total: int
    same: int
    moved: int
    unknown: int
    moves: tuple[Line, ...]
    gaps: tuple[Line, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest finished replay of a document; `url` is where it is shown."""

    replay: Replay
    sentence: str
    url: str
    total: int
    moved: int
    unknown: int


def newest(flow: Flow, document: Mapping[str, Any]) -> Newest | None:
    """Give the newest finished replay of exactly this document; None where there is none."""
    rows = Replay.objects.filter(flow=flow, digest=digests.digest(document), state=ReplayState.DONE)
    replay = rows.order_by("-wanted_at", "-pk").defer("document").first()
    if replay is None:
        return None
    found = result(replay)
    url = f"{reverse('admin:ivr_flow_change', args=[flow.pk])}?panel=replay"
    return Newest(replay, found.sentence, url, found.total, found.moved, found.unknown)


def result(replay: Replay) -> Result:
    """Put a replay's figures into words."""
    figures = Figures.from_json(replay.figures)
    names = Names(figures.ends.values())
    moves = tuple(
        Line(
            number,
            words.says(figures.ends[move.was], names),
            words.says(figures.ends[move.would], names),
            words.beyond(figures.ends[move.would]) if move.open else "",
            "",
            "",
            urlencode({"was": move.was, "would": move.would, "open": int(move.open)}),
        )
        for move, number in figures.moves.most_common()
    )
    gaps = tuple(
        Line(number, "", words.why(gap.why), "", gap.step, figures.steps.get(gap.step, ""), urlencode(gap._asdict()))
        for gap, number in figures.gaps.most_common()
    )
    return Result(
        replay, figures.total, figures.same, figures.moved, figures.unknown, moves, gaps, _sentence(figures, names)
    )


def visits(replay: Replay, given: Mapping[str, str]) -> QuerySet[ReplayedVisit]:
    """Give the calls behind a figure: by both ends, or by what is not known of them."""
    rows = ReplayedVisit.objects.filter(replay=replay)
    if given.get("why"):
        rows = rows.filter(would="", why=given["why"], step=given.get("step", ""))
    elif given.get("was") and given.get("would"):
        rows = rows.filter(was=given["was"], would=given["would"], is_open=given.get("open") == "1")
    return rows.select_related("call").order_by("id")


def heading(replay: Replay, given: Mapping[str, str]) -> str:
    """Say which figure it is whose calls are listed."""
    figures = Figures.from_json(replay.figures)
    was, would = figures.ends.get(given.get("was", "")), figures.ends.get(given.get("would", ""))
    if was and would:
        names = Names((was, would))
        told = {"would": words.place(would, names), "was": words.place(was, names)}
        return _("Calls that would reach %(would)s instead of %(was)s") % told
    step = figures.steps.get(given.get("step", ""), "")
    return _("Calls of which it cannot be known, in “%(step)s”") % {"step": step} if step else _("Calls not known")


def unmoved(replay: Replay) -> QuerySet[Call]:
    """Give the calls that would come to the same place."""
    period = reading.Period(replay.flow_id, replay.since, replay.until, tuple(replay.lines))
    moved = ReplayedVisit.objects.filter(replay=replay, call=OuterRef("pk"))
    return (
        reading.calls(period)
        .filter(~Exists(moved), started_at__lte=replay.after_at or replay.until)
        .order_by("started_at", "pk")
    )


def _sentence(figures: Figures, names: Names) -> str:
    """Say it in a sentence or two: of how many, how many would come where instead of where."""
    total = figures.total
    if not total:
        return _("There were no calls in this time.")
    of = ngettext("Of %(n)s call", "Of %(n)s calls", total) % {"n": words.count(total)}
    if not figures.moves:
        said = _("%(of)s none would come elsewhere.") % {"of": of}
    elif len(figures.moves) == 1:
        said = _("%(of)s %(move)s.") % {"of": of, "move": _moved(figures, names, 0)}
    else:
        said = _("%(of)s %(count)s would come elsewhere: %(first)s, %(second)s%(more)s.") % {
            "of": of,
            "count": words.count(figures.moved),
            "first": _moved(figures, names, 0),
            "second": _moved(figures, names, 1, short=True),
            "more": _(", and more") if len(figures.moves) > 2 else "",
        }
    if not figures.unknown:
        return said
    unknown = ngettext("Of %(n)s it cannot be known.", "Of %(n)s it cannot be known.", figures.unknown)
    return f"{said} {unknown % {'n': words.count(figures.unknown)}}"


def _moved(figures: Figures, names: Names, place: int, *, short: bool = False) -> str:
    move, number = figures.moves.most_common(place + 1)[place]
    told = {
        "n": words.count(number),
        "would": words.place(figures.ends[move.would], names),
        "was": words.place(figures.ends[move.was], names),
    }
    if short:
        return _("%(n)s %(would)s instead of %(was)s") % told
    return _("%(n)s would reach %(would)s instead of %(was)s") % told
