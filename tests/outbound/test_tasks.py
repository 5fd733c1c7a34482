"""Single tasks against a Twilio that answers as told. Whole calls are in `tests/scenarios/`."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from calls import actions as calls
from ivr.models import Flow, Prompt
from outbound import tasks
from outbound.models import Order
from telephony import client
from telephony.payloads import MachineDetection
from tests.outbound.factories import answered, order, rung
from tests.telephony.adapter import reached
from tests.telephony.canned import Canned, Canteen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]
REFUSAL = {"code": 21211, "message": "no", "more_info": "", "status": 400}


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canteen]:
    monkeypatch.setattr(client, "PAUSES", (0.0, 0.0, 0.0))
    script = Canteen(Canned(201, {"sid": "CA77", "status": "queued", "direction": "outbound-api"}))
    with reached(script):
        yield script


def due(flow: Flow) -> Order:
    made = order(flow=flow, at=timezone.now())
    tasks.begin(str(made.pk))
    made.refresh_from_db()
    assert (made.state, made.tries) == ("dialing", 1)
    return made


def test_a_ring_names_the_order_and_its_try_everywhere_and_is_made_once(flow: Flow, twilio: Canteen) -> None:
    made = due(flow)

    tasks.ring(str(made.pk), 1)
    tasks.ring(str(made.pk), 1)

    ((method, path, _query, fields),) = twilio.asked
    form = dict(fields)
    assert (method, path.rpartition("/")[2]) == ("POST", "Calls.json")
    assert f"/voice/orders/{made.pk}/1" in form["Url"]
    assert f"/webhooks/orders/{made.pk}/1/status" in form["StatusCallback"]
    assert (form["MachineDetection"], form["AsyncAmd"]) == ("DetectMessageEnd", "true")
    assert "/webhooks/machine" in form["AsyncAmdStatusCallback"]
    made.refresh_from_db()
    assert made.call is not None
    assert made.call.sid == "CA77"


@pytest.mark.parametrize(
    ("answer", "state", "was_asked"),
    [
        (Canned(400, REFUSAL), "unreached", True),
        (Canned(429, {}), "dialing", False),  # certainly not done: asked again by the sweep
        (Canned(503, {}), "dialing", True),  # nobody knows
    ],
)
def test_what_is_not_known_is_not_asked_for_again(
    flow: Flow, twilio: Canteen, answer: Canned, state: str, was_asked: bool
) -> None:
    twilio.answers = [answer]
    made = due(flow)

    tasks.ring(str(made.pk), 1)

    made.refresh_from_db()
    assert (made.state, made.asked_at is not None) == (state, was_asked)


@pytest.mark.parametrize(("has_message", "asked"), [(True, {"Url"}), (False, {"Status"})])
def test_a_machine_is_sent_to_the_message_once_or_hung_up_on(
    flow: Flow, twilio: Canteen, has_message: bool, asked: set[str]
) -> None:
    made = rung(flow, message=Prompt.objects.create(name="Message") if has_message else None)
    answered(made)
    assert made.call is not None
    calls.note_machine(MachineDetection(made.call.sid, "", "machine_end_beep", 3200), at=timezone.now())

    for _ in range(2):
        tasks.leave_message(str(made.pk), 1)
    tasks.hang_up(str(made.pk), 1)

    assert [set(dict(fields)) & {"Url", "Status"} for _, _, _, fields in twilio.asked] == [asked]


def test_the_clock_begins_what_is_due(flow: Flow, twilio: Canteen) -> None:
    made = order(flow=flow, at=timezone.now())

    tasks.work()

    made.refresh_from_db()
    assert made.state == "dialing"
