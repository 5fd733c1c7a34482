"""Replays as rows: begun once per flow, walked in batches that survive a killed worker, stopped, and forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from calls.models import Call, CallEvent
from ivr import tasks
from ivr.actions import replays
from ivr.drafting.drafts import compile_draft
from ivr.kinds.base import Keys
from ivr.models import Flow, Replay, ReplayedVisit
from ivr.replay import worlds
from ivr.replay.bulk import Walker
from ivr.replay.figures import Figures
from ivr.replay.reading import Period
from tests.ivr.replay import rows
from tests.ivr.rows import AT

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


def period(flow: Flow, **more: Any) -> Period:
    return Period(flow.pk, AT - timedelta(days=1), AT + timedelta(days=1), **more)


def wanted(flow: Flow, **more: Any) -> Replay:
    return replays.begin(flow, period(flow, **more), by=None, at=LATER)


def walker_of(replay: Replay) -> Walker:
    return Walker(worlds.world(replay.document, replay.since, replay.until))


def done(replay: Replay, *, size: int = 2000) -> Replay:
    claimed = replays.claim(replay.pk, at=LATER)
    assert claimed is not None
    while replays.take_batch(claimed, walker_of(claimed), at=LATER, size=size):
        pass
    return Replay.objects.get(pk=replay.pk)


def figures(replay: Replay) -> tuple[int, int, int]:
    found = Figures.from_json(replay.figures)
    return found.same, found.moved, found.unknown


@pytest.fixture
def flow() -> Flow:
    return rows.menu_flow()


def test_only_calls_that_come_elsewhere_or_are_not_known_are_kept(flow: Flow) -> None:
    moved, other, silent, erased = rows.message(), rows.call(Keys("2")), rows.call(), rows.call(Keys("2"))
    CallEvent.objects.filter(call=erased.call).delete()
    rows.swap(flow)

    replay = done(wanted(flow))

    assert (replay.state, replay.done, replay.total) == ("done", 4, 4)
    assert figures(replay) == (1, 2, 1)
    mailbox, end = (
        f"voicemail:{flow.steps.get(name='Leave word').mailbox_id}",
        f"ended:{flow.steps.get(name='The end').pk}",
    )
    kept = set(ReplayedVisit.objects.values_list("call", "was", "would", "is_open", "why"))
    assert kept == {
        (moved.call_id, mailbox, end, False, ""),
        (other.call_id, end, mailbox, True, ""),
        (erased.call_id, "", "", False, "erased"),
    }
    assert silent.call_id not in {row[0] for row in kept}


def test_batches_come_to_the_same_as_one_and_a_killed_worker_loses_nothing(flow: Flow) -> None:
    for place in range(5):
        rows.message(at=AT + timedelta(minutes=place))
    rows.swap(flow)
    replay = wanted(flow)
    killed = replays.claim(replay.pk, at=LATER)
    assert killed is not None
    walker = walker_of(killed)
    assert replays.take_batch(killed, walker, at=LATER, size=2)

    # nobody else may have it before the claim runs out
    assert replays.claim(replay.pk, at=LATER + timedelta(seconds=5)) is None
    again = replays.claim(replay.pk, at=LATER + timedelta(minutes=1))
    assert again is not None
    assert again.done == 2
    assert not replays.take_batch(killed, walker, at=LATER, size=2)  # woken up too late
    while replays.take_batch(again, walker, at=LATER + timedelta(minutes=1), size=2):
        pass

    assert ReplayedVisit.objects.filter(replay=replay).count() == 5
    assert figures(Replay.objects.get()) == (0, 5, 0)
    assert walker.walked == 1  # calls that are alike are walked once


def test_the_sweep_takes_up_what_was_left_behind(flow: Flow, django_capture_on_commit_callbacks: Any) -> None:
    rows.message()
    rows.swap(flow)
    wanted(flow)
    assert Replay.objects.get().state == "wanted"

    tasks.sweep_replays()

    assert Replay.objects.get().state == "done"


def test_one_replay_of_a_flow_at_a_time(flow: Flow) -> None:
    first = wanted(flow)

    with pytest.raises(replays.AlreadyRuns):
        wanted(flow)

    replays.cancel(first.pk, at=LATER)
    assert wanted(flow).state == "wanted"


def test_a_replay_that_is_stopped_does_no_more(flow: Flow) -> None:
    rows.message()
    rows.swap(flow)
    replay = wanted(flow)
    claimed = replays.claim(replay.pk, at=LATER)
    assert claimed is not None

    assert replays.cancel(replay.pk, at=LATER)

    assert not replays.take_batch(claimed, walker_of(claimed), at=LATER)
    assert not ReplayedVisit.objects.exists()
    assert Replay.objects.get().state == "canceled"
    assert not replays.cancel(replay.pk, at=LATER)


def test_lines_and_days_narrow_it_and_calls_of_other_flows_do_not_count(flow: Flow) -> None:
    other = rows.menu_flow("Other", called="+15005550101")
    rows.message()
    rows.message(called="+15005550101")
    rows.message(at=AT + timedelta(days=3))

    assert done(wanted(flow)).total == 1
    assert done(wanted(other)).total == 1
    assert done(wanted(flow, lines=(other.lines.get().pk,))).total == 0


def test_the_draft_counts_as_it_was_when_the_replay_began(flow: Flow) -> None:
    rows.message()
    replay = wanted(flow)
    rows.swap(flow)

    assert figures(done(replay)) == (1, 0, 0)
    assert replay.document != compile_draft(flow)


def test_what_a_replay_found_goes_with_the_call_and_with_the_replay(flow: Flow) -> None:
    visit = rows.message()
    rows.message()
    rows.swap(flow)
    replay = done(wanted(flow))

    Call.objects.filter(pk=visit.call_id).delete()
    assert ReplayedVisit.objects.count() == 1
    assert replays.forget(at=LATER + timedelta(days=13)) == 0
    replays.forget(at=LATER + timedelta(days=15))

    assert not Replay.objects.exists()
    assert not ReplayedVisit.objects.exists()
    assert replay.flow == flow


def test_a_draft_that_cannot_be_read_ends_it(flow: Flow) -> None:
    replay = wanted(flow)
    Replay.objects.update(document={"format": 99})

    tasks.replay(replay.pk)

    found = Replay.objects.get()
    assert (found.state, bool(found.trouble)) == ("failed", True)
