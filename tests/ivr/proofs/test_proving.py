"""What is certain of the calls of each line, read from what is there."""

import pytest

from ivr.document import parse
from ivr.drafting.drafts import compile_draft
from ivr.models import Audio, Wording
from ivr.proofs import proving
from queues.models import Queue
from tests.ivr import rows
from tests.ivr.rows import AT

pytestmark = pytest.mark.django_db


def lines(flow):
    return proving.lines(parse(compile_draft(flow)))


def test_without_a_line_calls_that_would_begin_here_are_told():
    (line,) = lines(rows.simple_flow())

    assert (line.name, line.address) == ("", "")
    assert [one.name for one in line.longest.passed] == ["Greeting", "The end"]
    assert line.longest.picture["exits"] == [[line.longest.passed[0].step, "next"]]
    assert line.open == ()


def test_each_line_has_a_row_also_one_that_comes_through_another_flow():
    flow = rows.queue_flow("Main", Queue.objects.create(name="Sales", longest_wait=120))
    rows.publish(flow)
    before = rows.flow("Before")
    over = rows.step(before, "Over", "go_to", to_flow=flow)
    before.first = rows.says(rows.step(before, "Hi", "message", exits={"next": over}), "message", rows.prompt())
    before.save()
    sound = Audio.objects.create(sha256="ab" * 32, name="Tune", seconds=7, uploaded_at=AT)
    Wording.objects.update(audio=sound)
    rows.publish(before)
    rows.line("Direct", "+15005550100", flow)
    rows.line("Around", "client:desk", before)

    around, direct = lines(flow)

    assert (around.name, around.flow) == ("Around", "Before")
    assert [(one.flow, one.name, one.here) for one in around.before.passed] == [
        ("Before", "Hi", False),
        ("Before", "Over", False),
        ("", "Line", True),
    ]
    assert (around.before.figure, direct.before.figure) == ("2:07", "2:00")
    assert direct.flow == ""


def test_the_draft_counts_and_not_what_is_published_of_it():
    flow = rows.publish(rows.simple_flow())
    rows.line("Main", "+15005550100", flow)
    flow.steps.get(name="Greeting").exits.all().delete()

    (line,) = lines(flow)

    assert line.open == ("Exit “Next” of step “Greeting” leads nowhere.",)


def test_a_line_whose_own_flow_is_not_published_has_no_proof():
    flow = rows.simple_flow()
    before = rows.flow("Before")
    rows.step(before, "Over", "go_to", to_flow=flow)
    rows.line("Around", "+15005550100", before)

    (line,) = lines(flow)

    assert (line.name, line.flow, line.proof) == ("Around", "Before", None)


def test_the_time_of_written_twiml_is_told_as_not_known():
    flow = rows.simple_flow()
    plain = lines(flow)[0].before
    raw = rows.step(flow, "Raw", "raw_twiml", exits={"next": flow.first})
    flow.first = raw
    flow.save()

    (line,) = lines(flow)

    assert line.before.is_vague
    assert not plain.is_vague
    assert line.before.figure == plain.figure


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0:00"), (59.6, "1:00"), (754, "12:34"), (3900, "1:05:00"), (float("inf"), "no limit")],
)
def test_a_time_is_told_as_people_read_it(seconds, told):
    assert proving.clock(seconds) == told


def test_many_steps_and_lines_are_read_with_few_queries(django_assert_max_num_queries):
    flow = rows.publish(rows.simple_flow())
    for number in range(12):
        rows.line(f"Line {number}", f"+150055501{number:02d}", flow)
    document = parse(compile_draft(flow))

    with django_assert_max_num_queries(8):
        assert len(proving.lines(document)) == 12
