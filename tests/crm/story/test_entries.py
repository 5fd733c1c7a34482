"""What becomes of a row in words, beyond what whole stories show."""

import pytest

from calls.ends import shown_to, text_shown_to
from calls.models import CallEvent, EventKind
from crm.story.entries import LABELS, NOT_TOLD, OF_EVENTS, TURNS, Kind, Teller
from outbound.models import Order
from tests.calls.factories import make_call
from tests.crm.story import told
from tests.messaging.factories import make_message
from tests.outbound.factories import make_order

pytestmark = pytest.mark.django_db


HELD = {
    "line": "Main line",
    "exit": "next",
    "mailbox": "Front desk",
    "status": "busy",
    "what": "A failure",
    "detail": "It broke.",
    "who": "Ann",
}


def teller() -> Teller:
    viewer = told.reader("calls.view_numbers")
    return Teller(shown_to(viewer), text_shown_to(viewer))


def test_every_kind_has_a_name_and_no_event_is_told_and_left_out() -> None:
    assert set(LABELS) == set(Kind)
    assert not set(NOT_TOLD) & {*TURNS, *OF_EVENTS}


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind not in NOT_TOLD])
def test_every_other_event_is_told_whatever_it_holds(kind: EventKind) -> None:
    call = make_call()
    event = CallEvent.objects.create(call=call, kind=kind, at=told.AT, data=HELD)

    entry = teller().event(event)

    assert entry.title
    assert (entry.call, entry.conversation) == (call.pk, call.conversation)


@pytest.mark.parametrize(
    ("fields", "title", "voice"),
    [
        ({"status": "busy", "direction": "outbound-api"}, "We called +1 500-555-0100", "bad"),
        ({"status": "ringing", "direction": "inbound"}, "+1 415-555-0123 called +1 500-555-0100", "us"),
        ({"status": "no-answer", "direction": "outbound-dial"}, "Rang +1 500-555-0100", "bad"),
    ],
)
def test_a_leg_says_who_rang_whom_and_whether_it_came_about(fields: dict[str, str], title: str, voice: str) -> None:
    entry = teller().call(make_call(from_number=told.CALLER, to_number=told.LINE, **fields))

    assert (entry.title, entry.voice) == (title, voice)
    assert entry.note == fields["status"].replace("-", " ")


def test_a_text_that_did_not_arrive_says_so() -> None:
    entry = teller().text(make_message(status="undelivered", detail="The phone is off."))

    assert (entry.title, entry.note) == ("We texted +1 415-555-0123", "undelivered · The phone is off.")
    assert entry.voice == "bad"


def test_a_refused_order_names_the_rule() -> None:
    order: Order = make_order(state="refused", refused_by="do-not-call", agent=None, reference="")

    entry = teller().order(order)

    assert entry.note == "refused · refused: do-not-call"
    assert entry.voice == "bad"
