from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ivr.models import DatedException, Schedule, Step
from ivr.trial import reading
from ivr.trial.conditions import Conditions, Input, Press, Say, Speak, StaySilent
from ivr.trial.run import run
from ivr.trial.told import Trial
from tests.ivr.rows import flow, hours_flow, line, prompt, publish, simple_flow, step
from tests.ivr.trial.house import KEYS, House, build
from tests.ivr.trial.tries import CALLER, MONDAY, OURS

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE", "SELECT PG_NOTIFY", "LOCK", "FOR NO KEY UPDATE")


@pytest.fixture
def house() -> House:
    return build()


def attempt(house: House, *inputs: Input, **supposed: Any) -> Trial:
    world = reading.read(reading.draft(house.flow))
    conditions = Conditions(**{"at": MONDAY, "number": OURS, "caller": CALLER, **supposed})
    return run(world, conditions, inputs, urls=reading.addresses)


MORE: dict[str, tuple[Input, ...]] = {
    "Digits": (Press("1234#"),),
    "Secret": (Press("1234#"),),
    "Desk": (StaySilent(),),
    "Both": (StaySilent(),),
    "Box": (Speak(9),),
    "Other": (Press("1"),),
    "Wait": (StaySilent(), StaySilent()),
    "Room": (Press("1111#"), StaySilent()),
    "Raw": (Press("1"),),
    "Raw dial": (StaySilent(),),
}
CALL_BACK = (Press("1"), Press("1"))


@pytest.mark.parametrize("name", [*KEYS, "Call back", "Away", "Raw", "Raw dial"])
def test_a_trial_writes_nothing_locks_nothing_and_tells_nobody(name: str, house: House) -> None:
    key = KEYS.get("Wait" if name == "Call back" else name)
    chosen = Press(key) if key else Say(name, 0.9)
    inputs = (Press("1"), Press("1"), chosen, *(CALL_BACK if name == "Call back" else MORE.get(name, ())))

    with CaptureQueriesContext(connection) as captured:
        trial = attempt(house, *inputs, consent="ask", recorded=True)

    assert trial.used == len(inputs)
    assert [query["sql"] for query in captured if any(word in query["sql"].upper() for word in WRITES)] == []


def test_a_run_asks_the_database_nothing(house: House) -> None:
    world = reading.read(reading.draft(house.flow))

    with CaptureQueriesContext(connection) as captured:
        run(world, Conditions(MONDAY, OURS, CALLER), (Press("1"), Press("6"), StaySilent()), urls=reading.addresses)

    assert len(captured) == 0


def test_what_a_trial_must_know_takes_as_many_statements_for_two_of_each_kind(house: House) -> None:
    document = reading.draft(house.flow)
    reading.read(document)
    with CaptureQueriesContext(connection) as few:
        reading.read(document)
    for row in Step.objects.filter(flow=house.flow, kind__in=("hours", "queue", "conference_room", "look_up")):
        step(house.flow, f"Another {row.name}", row.kind, schedule=row.schedule, queue=row.queue, room=row.room)
    document = reading.draft(house.flow)
    with CaptureQueriesContext(connection) as many:
        world = reading.read(document)

    assert len(few) == len(many)
    assert len(few) <= 10, [query["sql"] for query in few]
    assert set(world.queues) == {str(house.queue.pk)}
    assert world.mailboxes == {str(house.mailbox.pk): "Front desk"}
    assert world.sources == {str(house.source.pk): "CRM"}
    assert OURS in {row.address for row in world.lines}


def test_who_comes_back_to_the_flow_meets_the_draft_again_and_other_flows_as_they_are_published() -> None:
    here, there, never = flow("Here"), simple_flow("There"), flow("Never")
    publish(there)
    back = step(here, "Back", "go_to", to_flow=here)
    step(here, "There", "go_to", to_flow=there)
    step(here, "Never", "go_to", to_flow=never)
    here.first = back
    here.save()
    document = reading.draft(here)

    world = reading.read(document)

    assert world.flows[str(here.pk)] is document
    assert set(world.flows) == {str(here.pk), str(there.pk)}
    assert [one.flow for one in world.documents] == [str(here.pk), str(there.pk)]


def test_a_holiday_is_announced_in_a_trial_as_in_a_call() -> None:
    schedule = Schedule.objects.create(name="Office")
    closed = prompt("Christmas", "Merry Christmas.")
    DatedException.objects.create(schedule=schedule, date=date(2026, 12, 25), name="Christmas", prompt=closed)
    made = hours_flow("Main", schedule)
    line("Main", OURS, made)
    world = reading.read(reading.draft(made))

    def heard(month: int) -> tuple[str, ...]:
        at = MONDAY.replace(month=month, day=25)
        return run(world, Conditions(at), (), urls=reading.addresses).heard

    assert heard(12) == ("Merry Christmas.",)
    assert heard(11) == ()


def test_the_music_of_the_house_is_measured(settings: Any, house: House) -> None:
    ours = reading.read(reading.draft(house.flow))
    settings.HOLD_MUSIC_URL = "https://example.com/music.mp3"
    foreign = reading.read(reading.draft(house.flow))

    assert list(ours.sounds.values()) == [16.0]
    assert foreign.sounds == {"https://example.com/music.mp3": 60.0}
