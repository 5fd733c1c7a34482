"""Prompts by language: who says them, and what is missing."""

from datetime import date

import pytest

from ivr.models import Audio, DatedException, FlowLanguage, Prompt, Schedule, WaitItem, Wording
from ivr.prompts import saying
from queues.models import Queue
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def bilingual(name="Main"):
    flow = rows.simple_flow(name)
    FlowLanguage.objects.create(flow=flow, language="es-US", voice="Polly.Lupe-Neural", position=1)
    return flow


def states(table):
    return {row.name: [cell.state for cell in row.cells] for row in table.rows}


def test_a_language_of_a_flow_without_a_wording_is_missing():
    bilingual()

    table = saying.table()

    assert table.languages == ("en-US", "es-US")
    assert states(table) == {"Hello": ["text", "missing"]}
    assert table.lacking == {"es-US": 1}
    assert table.rows[0].flows == ("Main",)


def test_a_language_that_no_flow_of_the_prompt_speaks_is_not_missing():
    bilingual()
    other = rows.flow("Other")
    rows.says(rows.step(other, "Only English"), "goodbye", rows.prompt("Bye", "Goodbye."))
    rows.prompt("Unused")

    assert states(saying.table()) == {
        "Bye": ["text", "none"],
        "Hello": ["text", "missing"],
        "Unused": ["text", "none"],
    }


def test_only_those_of_a_flow_and_only_what_is_missing():
    flow = bilingual()
    rows.says(rows.step(rows.flow("Other"), "Bye"), "goodbye", rows.prompt("Bye", "Goodbye."))
    rows.says(rows.step(flow, "Done"), "goodbye", rows.prompt("Thanks", "Thanks."))
    Wording.objects.create(prompt=Prompt.objects.get(name="Thanks"), language="es-US", text="Gracias.")

    assert states(saying.table(flow=flow.pk)) == {"Hello": ["text", "missing"], "Thanks": ["text", "text"]}
    assert states(saying.table(flow=flow.pk, only_missing=True)) == {"Hello": ["text", "missing"]}
    assert states(saying.table(prompt=Prompt.objects.get(name="Bye").pk)) == {"Bye": ["text", "none"]}


def test_a_sound_is_told_by_its_name():
    rows.simple_flow()
    Wording.objects.update(audio=Audio.objects.create(sha256="ab" * 32, name="Tune", seconds=1, uploaded_at=rows.AT))

    (row,) = saying.table().rows

    assert (row.cells[0].state, row.cells[0].words) == ("sound", "Tune")


def test_what_those_hear_who_wait_and_who_call_on_a_holiday_counts_too():
    waiting = rows.queue_flow("Waiting", Queue.objects.create(name="Sales"))
    WaitItem.objects.create(step=waiting.first, kind="message", prompt=rows.prompt("Patience"))
    schedule = Schedule.objects.create(name="Week")
    closed = rows.prompt("Closed")
    DatedException.objects.create(schedule=schedule, date=date(2026, 12, 25), name="Christmas", prompt=closed)
    rows.hours_flow("Open?", schedule)

    flows = {row.name: row.flows for row in saying.table().rows}

    assert flows == {"Patience": ("Waiting",), "Closed": ("Open?",)}
    assert [flow.name for flow in saying.flows_of(closed)] == ["Open?"]
    assert saying.saying({closed.pk}) == {saying.flows_of(closed)[0].pk}


def test_the_languages_of_flows_come_in_their_order_and_once():
    flows = [bilingual("A"), bilingual("B")]

    assert saying.languages_of(flows) == ["en-US", "es-US"]


def test_many_prompts_are_read_with_as_few_queries_as_one(django_assert_num_queries):
    flow = bilingual()
    for number in range(20):
        rows.says(rows.step(flow, f"Step {number}"), "goodbye", rows.prompt(f"Prompt {number}"))

    with django_assert_num_queries(10):
        assert len(saying.table().rows) == 21
