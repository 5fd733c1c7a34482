"""Calls for which there is no flow to walk: the caller hears the owner's sentence, and the call says why."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from agents.models import User
from ivr.models import Flow, Line, Version
from tests.scenarios import flows
from tests.scenarios.desk import ANN, COMPANY, Desk

ELSEWHERE = "+15005550199"


def why(caller: object) -> str:
    return caller.row.events.get(kind="failed").data["detail"]  # type: ignore[attr-defined]


def test_an_unknown_number_has_the_sentence_of_all_others(desk: Desk) -> None:
    flows.line("*", None, emergency_text="This number is not in use.")
    desk.add_number(ELSEWHERE)

    caller = desk.dial(ELSEWHERE).hears("This number is not in use.").is_hung_up_on()

    assert caller.story == ["failed: The caller heard the emergency text"]
    assert why(caller) == "line Line * leads to no flow"
    assert caller.row.status == "completed"


def test_an_unknown_number_goes_where_all_others_go(desk: Desk) -> None:
    flows.line("*", flows.publish("Others", {"Bye": flows.hang_up("Wrong number?")}, at=desk.clock.now()))
    desk.add_number(ELSEWHERE)

    caller = desk.dial(ELSEWHERE).hears("Wrong number?").is_hung_up_on()

    assert caller.visit.line.address == "*"  # type: ignore[union-attr]  # it has one


def test_an_unknown_number_where_there_is_not_even_a_line_for_all_others(desk: Desk) -> None:
    Line.objects.all().delete()
    desk.add_number(ELSEWHERE)

    caller = desk.dial(ELSEWHERE).hears("We cannot take your call right now.").is_hung_up_on()

    assert why(caller) == "no line has this address, and there is no line for all others"


def test_a_line_whose_flow_was_never_published(desk: Desk) -> None:
    flows.line(COMPANY, flows.draft("Main", {"Bye": flows.hang_up("Goodbye.")}))

    caller = desk.dial().hears(flows.SORRY).is_hung_up_on()

    assert why(caller) == f"flow Main of line Line {COMPANY} has no published version"


def test_why_nothing_answered_is_seen_in_the_admin(desk: Desk, client: Client) -> None:
    flows.line(COMPANY, flows.draft("Main", {"Bye": flows.hang_up("Goodbye.")}))
    caller = desk.dial().hears(flows.SORRY).is_hung_up_on()
    client.force_login(User.objects.create_superuser("ann"))

    page = client.get(reverse("admin:calls_call_change", args=[caller.row.pk]))

    assert escape(why(caller)) in page.content.decode()


def test_a_line_whose_flow_was_never_published_puts_callers_through(desk: Desk) -> None:
    flows.line(COMPANY, flows.draft("Main", {"Bye": flows.hang_up("Goodbye.")}), forward_to=ANN)
    desk.phone(ANN)

    caller = desk.dial().hears(flows.SORRY)
    ann = desk.rings(ANN).answers()
    caller.hears(f"Connected with {ANN}")
    ann.hangs_up()
    caller.is_hung_up_on()

    assert caller.row.status == "completed"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "cannot be walked"),
        ({"format": 99}, "The format 99 is not known."),
        ({"format": 1, "flow": {"id": 1}, "steps": {"1": {"kind": "teleport"}}}, "a kind that is not known"),
    ],
    ids=["empty", "a later format", "an unknown kind"],
)
def test_a_version_that_cannot_be_walked(desk: Desk, document: dict[str, object], words: str) -> None:
    flow = Flow.objects.create(name="Main")
    flow.published = Version.objects.create(flow=flow, number=7, document=document, published_at=desk.clock.now())
    flow.save()
    flows.line(COMPANY, flow)

    caller = desk.dial().hears(flows.SORRY).is_hung_up_on()

    assert why(caller).startswith("version 7 of flow Main cannot be walked")
    assert words in why(caller)


def test_a_version_that_breaks_in_the_middle_of_a_call(desk: Desk) -> None:
    choices = {"Bye": flows.Choice("Bye", "1")}
    steps = {"Menu": flows.menu("Press 1.", choices, no_input="Bye", wrong_input="Bye"), "Bye": flows.hang_up("Bye.")}
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    caller = desk.dial().hears("Press 1.")
    broken = Version.objects.create(flow=Flow.objects.get(), number=2, document={}, published_at=desk.clock.now())
    visit = caller.visit
    visit.version = broken
    visit.save(update_fields=["version"])

    caller.press("1").hears(flows.SORRY).is_hung_up_on()

    why_not = "in which the call stands, cannot be walked: The format None is not known."
    assert why(caller) == f"version {broken.pk}, {why_not}"
