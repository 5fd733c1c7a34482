import pytest

from ivr.drafting.impact import impact
from ivr.models import Visit, Wording
from tests.calls.factories import make_call
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def goes_to(name, target):
    made = rows.flow(name)
    made.first = rows.step(made, "Go on", "go_to", to_flow=target)
    made.save()
    return made


def visit(version, step, **more):
    return Visit.objects.create(
        call=make_call(), version=version, position={"step": step}, answer="", began_at=rows.AT, **more
    )


def test_lines_lead_here_also_through_other_flows_as_callers_meet_them():
    flow = rows.publish(rows.simple_flow())
    middle = rows.publish(goes_to("Middle", flow))
    outer = rows.publish(goes_to("Outer", middle))
    draft = goes_to("Draft", flow)
    for name, to in (("A", flow), ("B", middle), ("C", outer), ("D", draft), ("E", rows.flow("Other"))):
        rows.line(name, f"sip:{name}@company.example", to)

    found = impact(flow).lines

    assert [(row.line.name, row.through) for row in found] == [
        ("A", ()),
        ("B", ("Middle",)),
        ("C", ("Outer", "Middle")),
    ]


def test_flows_that_lead_to_each_other_come_to_an_end():
    one = rows.publish(rows.simple_flow("One"))
    two = rows.publish(goes_to("Two", one))
    rows.step(one, "Back", "go_to", to_flow=two)
    rows.publish(one)
    rows.line("A", "sip:a@company.example", two)

    assert [row.through for row in impact(one).lines] == [("Two",)]
    assert [row.through for row in impact(two).lines] == [()]


def test_callers_are_told_by_the_step_in_which_they_are(django_assert_max_num_queries):
    flow = rows.publish(rows.simple_flow())
    first, greeting = flow.published, str(flow.first_id)
    Wording.objects.update(text="Good morning.")
    rows.publish(flow)
    for _ in range(2):
        visit(flow.published, greeting)
    visit(first, greeting)
    visit(first, "gone")
    visit(first, greeting, ended_at=rows.AT)

    with django_assert_max_num_queries(5):
        found = impact(flow)

    assert [(row.step, row.version, row.callers) for row in found.inside] == [
        ("Greeting", 2, 2),
        ("Greeting", 1, 1),
        ("", 1, 1),
    ]
    assert found.callers == 4
