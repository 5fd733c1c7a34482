import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ivr.models import Flow, Scenario
from ivr.trial.conditions import Conditions, Press, inputs_to_json
from tests.contacts.factories import contact
from tests.ivr.rows import flow, person, step
from tests.ivr.trial.house import House, build
from tests.ivr.trial.tries import CALLER, MONDAY, OURS

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def house() -> House:
    return build()


class Page:
    """The panel as somebody uses it: the fields of the form as they came, with what is changed and pressed."""

    def __init__(self, made: Flow, *, role: str = "Administrator", query: str = "") -> None:
        self.client = Client()
        self.client.force_login(person(role))
        self.address = reverse("admin:ivr_flow_try", args=[made.pk])
        self.take(self.client.get(self.address + query, headers=FRAGMENT))

    def take(self, response: HttpResponse) -> None:
        assert response.status_code == 200
        self.context: Any = response.context  # type: ignore[attr-defined]
        self.text = response.content.decode()

    def does(self, do: str = "", **changed: Any) -> "Page":
        form = self.context["form"]
        fields = {name: form[name].value() for name in form.fields}
        fields = {name: value for name, value in fields.items() if value not in (None, False)}
        fields |= {"inputs": self.context["inputs"], "conditions": self.context["conditions"], "asked": form.asked}
        wanted = {name: value for name, value in (fields | {"do": do} | changed).items() if value is not None}
        self.take(self.client.post(self.address, wanted, headers=FRAGMENT))
        return self

    @property
    def trial(self) -> Any:
        return self.context["trial"]


def test_a_call_is_tried_key_by_key_and_a_step_can_be_taken_back(house: House) -> None:
    page = Page(house.flow)
    assert "Welcome." in page.text
    assert "The flow waits for a key or for words." in page.text

    page.does("press:1").does("press:4")
    assert page.context["expects"].may == "message"
    assert "Please speak." in page.text
    page.does("speak", seconds="9")
    assert "The message goes to the mailbox “Front desk”." in page.text
    assert "The caller reaches the mailbox “Front desk”" in page.text
    assert json.loads(page.context["inputs"])[-1] == {"do": "speak", "seconds": 9, "hangs_up": False}

    page.does("back")
    assert page.context["expects"].may == "message"
    page.does("anew")
    assert page.trial.used == 0


@pytest.mark.parametrize(
    ("do", "fields", "expected"),
    [
        ("", {"keys": "12#"}, {"do": "press", "keys": "12#"}),
        ("keys", {"keys": "1 2"}, {"do": "press", "keys": "12"}),
        ("", {"words": " Español "}, {"do": "say", "words": "Español", "confidence": None}),
        ("words", {"words": "yes", "unsure": "on"}, {"do": "say", "words": "yes", "confidence": 0.3}),
        ("silent", {}, {"do": "stay_silent"}),
        ("wait", {"seconds": "40"}, {"do": "wait", "seconds": 40}),
        ("speak_and_hang_up", {"seconds": "x"}, {"do": "speak", "seconds": 5, "hangs_up": True}),
        ("hang_up", {}, {"do": "hang_up"}),
    ],
)
def test_what_can_be_done(house: House, do: str, fields: dict[str, str], expected: dict[str, Any]) -> None:
    assert json.loads(Page(house.flow).does(do, **fields).context["inputs"]) == [expected]


@pytest.mark.parametrize("do", ["", "press:7x", "press:", "nothing", "keys", "words"])
def test_what_is_nothing_changes_nothing(house: House, do: str) -> None:
    assert Page(house.flow).does(do).context["inputs"] == "[]"


def test_what_has_just_happened_is_told_to_screen_readers(house: House) -> None:
    page = Page(house.flow).does("press:1")

    news = re.search(r'role="log"[^>]*>(.*?)</div>', page.text, re.DOTALL)

    assert news is not None
    assert "Presses 1." in news[1]
    assert "What can we do?" in news[1]
    assert "Welcome." not in news[1]


def test_who_calls_is_chosen(house: House) -> None:
    contact("Carla", CALLER, attributes={"plan": "gold"})
    page = Page(house.flow)

    assert "Hello Carla with gold." in page.does("", who="contact", caller=CALLER).text
    assert "Hello Zoe with silver." in page.does("", who="vip", name="Zoe", attributes="plan = silver").text
    assert "The call is refused before it is answered." in page.does("", who="blocked").text
    assert json.loads(page.does("", who="withheld").context["conditions"])["caller"] == ""
    assert "Hello" not in page.does("", who="number").text


def test_time_queues_people_and_answers_are_supposed(house: House) -> None:
    page = Page(house.flow).does("press:1")
    at_night = page.does("press:0", date="2026-03-01", time="03:00", zone="America/New_York")
    assert "It was nice to talk to you." in at_night.text
    page.does("anew").does("press:1").does("press:6", **{f"staffed-{house.queue.pk}": None})
    assert "Waits in the queue" not in page.text
    page.does("anew").does("press:1").does(
        "press:8",
        **{
            f"answers-{house.source.pk}": "on",
            f"answer-{house.source.pk}": "kind = friend\nplan = gold",
        },
    )
    assert "“CRM” answers." in page.text
    page.does("anew").does("press:1").does("press:2", **{f"rung0-{house.step('Desk')}": "busy"})
    assert "Busy." in page.text
    assert "What happens when they are rung." in page.text


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("zone", "Nowhere", "There is no such time zone."),
        ("caller", "x", "This is no telephone number."),
        ("attributes", "Plan: gold", "is not such as: name = value"),
        ("date", "", "required"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_the_call_stands_still(
    house: House, name: str, value: str, told: str
) -> None:
    page = Page(house.flow).does("press:1")

    page.does("press:4", **{name: value})

    assert told in page.text
    assert page.trial.used == 1


def test_only_what_the_flow_can_reach_is_asked_for() -> None:
    made = flow()
    made.first = step(made, "End")
    made.save()
    step(made, "Apart", "hours")

    page = Page(made)

    assert {"staffed", "hours", "rung0"} & {name.partition("-")[0] for name in page.context["form"].fields} == set()


def test_the_draft_is_tried_or_what_callers_meet_now(house: House) -> None:
    step_ = house.flow.steps.get(name="Welcome")
    prompt = step_.prompts.get().prompt
    prompt.wordings.update(text="Brand-new.")

    page = Page(house.flow)

    assert "Brand-new." in page.text
    assert "Welcome. We are glad" in page.does("", version="published").text


def test_a_scenario_is_opened(house: House) -> None:
    conditions = Conditions(MONDAY, number=OURS, caller=CALLER, talk=7)
    row = Scenario.objects.create(
        flow=house.flow,
        name="One",
        conditions=conditions.to_json(),
        inputs=inputs_to_json([Press("1")]),
        changed_at=MONDAY,
    )

    page = Page(house.flow, query=f"?scenario={row.pk}")

    assert page.trial.used == 1
    assert page.context["form"]["talk"].value() == 7
    assert json.loads(page.context["conditions"]) == conditions.to_json()


@pytest.mark.parametrize("query", ["?scenario=9999", "?scenario=x"])
def test_a_scenario_that_is_gone_begins_a_new_call(house: House, query: str) -> None:
    assert Page(house.flow, query=query).trial.used == 0


def test_a_draft_that_cannot_be_walked_says_why() -> None:
    made = flow()
    made.first = step(made, "End", settings={"reason": "mood"})
    made.save()
    client = Client()
    client.force_login(person("Administrator"))

    response = client.get(reverse("admin:ivr_flow_try", args=[made.pk]), headers=FRAGMENT)

    assert "is none of" in response.content.decode()


def test_it_reads_as_a_page_of_its_own_too(house: House) -> None:
    page = Page(house.flow)

    whole = page.client.get(page.address).content.decode()

    assert "<html" in whole
    assert "Back to the flow" in whole
    assert "<html" not in page.text


def test_the_path_is_told_to_the_picture(house: House) -> None:
    page = Page(house.flow).does("press:1").does("press:4")

    picture = json.loads(page.context["picture"])

    assert [house.step("Menu"), "Box"] in picture["exits"]
    assert picture["marks"][house.step("Who?")] == "0:00"
    assert house.step("Box") in picture["steps"]


def test_contacts_are_offered_to_those_who_may_see_them(house: House) -> None:
    contact("Carla", CALLER)
    page = Page(house.flow)
    assert "Carla" in page.text

    user = person("Administrator", username="second")
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename="view_flow"))
    page.client.force_login(user)
    page.take(page.client.get(page.address, headers=FRAGMENT))

    assert "Carla" not in page.text
    assert "contact" not in dict(page.context["form"].fields["who"].choices)
    assert "Save as a scenario" not in page.text


def test_who_may_not_see_flows_may_not_try_them(house: House) -> None:
    client = Client()
    user = person("Administrator")
    user.groups.clear()
    client.force_login(user)

    assert client.get(reverse("admin:ivr_flow_try", args=[house.flow.pk])).status_code == 403


def test_the_panel_takes_as_many_statements_however_long_the_call_is(house: House) -> None:
    page = Page(house.flow)

    with CaptureQueriesContext(connection) as short:
        page.does("press:1")
    page.does("press:6").does("silent").does("silent")
    with CaptureQueriesContext(connection) as long:
        page.does("press:3")

    assert len(short) == len(long)
    assert len(short) <= 32, [query["sql"][:120] for query in short]
