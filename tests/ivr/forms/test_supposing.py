from ivr.forms import supposing
from ivr.trial.conditions import Conditions
from tests.ivr.factories import END
from tests.ivr.forms.test_trying import GIVEN, STEPS, VERSIONS
from tests.ivr.trial.tries import MONDAY, a_world


def test_each_thing_that_the_flow_can_reach_has_its_part() -> None:
    found = list(supposing.parts(GIVEN, a_world(STEPS), versions=VERSIONS, may_see_contacts=True))

    assert [part.title for part in found if part.is_open] == ["The call", "The caller"]
    assert {"Queue “Sales”", "Room “Board”", "Look-up at “CRM”", "Who is rung in “ring”", "The rest"} <= {
        part.title for part in found
    }
    names = [name for part in found for name in part.fields]
    assert len(names) == len(set(names))


def test_a_flow_that_only_ends_asks_for_the_call_and_the_caller_alone() -> None:
    given = Conditions(MONDAY)

    found = list(supposing.parts(given, a_world({"end": END}), versions=VERSIONS, may_see_contacts=False))

    assert [part.title for part in found] == ["The call", "The caller", "The made-up contact", "The rest"]
    assert "contact" not in dict(found[1].fields["who"].choices)  # type: ignore[attr-defined]


def test_time_zones_of_the_world_are_offered() -> None:
    assert supposing.zones(GIVEN, a_world({"end": END})) == ["America/New_York", "UTC"]
