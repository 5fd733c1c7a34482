"""Visits that are alike are walked once, and only those."""

from dataclasses import replace

from ivr.hours.opening import Opening
from ivr.replay.bulk import Walker
from ivr.replay.recording import Visit
from ivr.replay.walking import World
from ivr.replay.worlds import Editions, Opened
from tests.ivr.replay.recorder import told
from tests.ivr.replay.test_answering import OLD, document, hours, menu, option, pressing


def walker(draft: object, *, closes: float = 5000.0) -> Walker:
    def opening(_schedule: str, at: float) -> Opening:
        return Opening("open" if at < closes else "closed")

    world = World(draft, {"1": draft}, opening, lambda _flow, _number, _at: OLD)  # type: ignore[arg-type]
    return Walker(Opened(world, Editions(all_moments=[20_000.0]), looks_up=False))


def later(visit: Visit, seconds: float) -> Visit:
    moments = " ".join(str(float(moment) + seconds) for moment in visit.moments.split())
    return replace(visit, began=visit.began + seconds, moments=moments, seed=str(seconds))


def test_alike_are_walked_once() -> None:
    visit, found = pressing("2").record(5).visit(), walker(OLD)

    assert found.compare(visit) == found.compare(later(visit, 100))
    assert found.walked == 1
    found.compare(pressing("1").talk().visit())
    found.compare(replace(visit, caller="anonymous"))
    found.compare(later(visit, 30_000))  # another version was published meanwhile
    assert found.walked == 4


def test_where_a_schedule_is_asked_those_are_alike_for_whom_it_says_the_same() -> None:
    visit, found = pressing("2").record(5).visit(), walker(document("hours", hours=hours()))

    ends = [told(found.compare(later(visit, seconds)))[1] for seconds in (0, 100, 6000, 7000, 200)]

    assert ends == ["voicemail:3"] * 5
    assert found.walked == 2
    ends = [told(found.compare(later(pressing("1").talk().visit(), seconds)))[1] for seconds in (0, 6000, 10, 6010)]
    assert ends == ["queue:7", "voicemail:3 and on", "queue:7", "voicemail:3 and on"]
    assert found.walked == 4


def test_a_second_question_to_a_schedule_is_asked_at_its_own_moment() -> None:
    again = {**hours(), "exits": {"open": "mail", "closed": "bye", "holiday": "bye"}}
    draft = document("hours", hours=hours(), again=again, menu=menu(option("mail", "2"), exits={"mail": "again"}))
    found = walker(draft, closes=1015.0)  # 10 seconds after the first is the key pressed

    early, late = (later(pressing("2").record(5).visit(), seconds) for seconds in (0.0, 10.0))

    assert told(found.compare(early))[1] == "voicemail:3"
    assert told(found.compare(late))[1] == "ended:bye"
    assert told(found.compare(later(early, 1.0)))[1] == "voicemail:3"
    assert found.walked == 2
