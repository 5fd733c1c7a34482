"""Figures grow, are written as JSON, and are read again as they were."""

import json

from ivr.replay.comparing import Compared
from ivr.replay.ends import End, Kind
from ivr.replay.figures import Figures, Gap, Move
from ivr.replay.unknown import Unknown, Why

SALES, MAIN = End(Kind.QUEUE, "7", "Sales"), End(Kind.VOICEMAIL, "3", "Leave word")


def test_figures_survive_being_written() -> None:
    figures = Figures()
    for compared in (
        Compared(SALES, SALES),
        Compared(SALES, MAIN, open=True),
        Compared(SALES, MAIN, open=True),
        Compared(SALES, None, Unknown(Why.NEVER_ASKED, "5", "New")),
        Compared(None, None, Unknown(Why.ERASED)),
    ):
        figures.add(compared)

    read = Figures.from_json(json.loads(json.dumps(figures.to_json())))

    assert read == figures
    assert (read.same, read.moved, read.unknown, read.total) == (1, 2, 2, 5)
    assert read.moves[Move("queue:7", "voicemail:3", open=True)] == 2
    assert read.gaps[Gap("never-asked", "5")] == 1
    assert read.steps["5"] == "New"
