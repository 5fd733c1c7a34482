"""Whom a click calls back, and from which number; what cannot be is told in words. The calls: scenarios."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agents.actions import Busy
from agents.models import Agent
from conferences.models import Participant
from conferences.room import Role
from dialing.actions import NotPermitted
from queues.actions.callbacks import NotCallable
from recordings import actions, worklist
from recordings.models import Mailbox, Return, Voicemail
from recordings.worklist import Asked, Seen
from telephony.models import PhoneNumber
from tests.agents.factories import ready_agent
from tests.calls.factories import make_call, new_sid
from tests.recordings.factories import make_mailbox, make_recording, make_user, make_voicemail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]


@pytest.fixture
def ann() -> Agent:
    return ready_agent("Ann", at=timezone.now())


@pytest.fixture
def sales() -> Mailbox:
    return make_mailbox("Sales")


def left(mailbox: Mailbox, number: str = "+14155550123", **call: Any) -> Voicemail:
    found = make_call(**({"from_number": number} | call))
    return make_voicemail(mailbox, make_recording(call=found), left_at=timezone.now())


def row(ann: Agent, mailbox: Mailbox) -> Seen:
    now = timezone.now()
    return worklist.read(ann.user, Asked(), mailboxes=[mailbox.pk], at=now).rows[0].seen


def call_back(ann: Agent, seen: Seen) -> Return:
    agent = Agent.objects.observed().get(pk=ann.pk)
    return actions.call_back(seen, agent=agent, at=timezone.now())


def test_the_agent_is_rung_first_and_has_the_row(ann: Agent, sales: Mailbox) -> None:
    voicemail = left(sales)

    attempt = call_back(ann, row(ann, sales))

    voicemail.refresh_from_db()
    assert (voicemail.taken_by, voicemail.returning) == (ann.user, attempt)
    (leg,) = Participant.objects.all()
    assert (leg.agent, leg.role, leg.wants_in, leg.screening) == (ann, Role.OWNER, True, "")
    assert (leg.conference.subject, leg.caller_id, attempt.number) == ("Sales", "+15005550100", "+14155550123")
    ann.refresh_from_db()
    assert ann.activity == "ringing"


def test_an_agent_at_a_telephone_has_to_press_1_so_that_no_mailbox_calls_anybody(sales: Mailbox) -> None:
    ben = ready_agent("Ben", at=timezone.now(), endpoints=[("number", "+15005550188")])
    left(sales)

    call_back(ben, row(ben, sales))

    assert Participant.objects.get().screening != ""


def test_who_was_called_by_us_before_is_called_from_the_same_number(ann: Agent, sales: Mailbox) -> None:
    left(sales, direction="outbound-api", from_number="+15005550100", to_number="+14155550123")

    attempt = call_back(ann, row(ann, sales))

    assert (attempt.number, attempt.conference.caller_id) == ("+14155550123", "+15005550100")


def test_a_number_that_is_not_ours_any_more_is_not_shown(ann: Agent, sales: Mailbox, settings: Any) -> None:
    settings.TWILIO_CALLER_ID = "+15005550111"
    PhoneNumber.objects.create(sid=new_sid("PN"), number="+15005550100", is_gone=True, synchronized_at=timezone.now())
    left(sales)

    assert call_back(ann, row(ann, sales)).conference.caller_id == "+15005550111"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("anonymous", "showed no number"),
        ("client:somebody", "no telephone number"),
        ("+19005550123", "charged at a higher rate"),
        ("+15005550101", "one of our own"),
    ],
)
def test_a_number_that_nobody_should_call_is_refused_in_words(
    ann: Agent, sales: Mailbox, number: str, words: str
) -> None:
    PhoneNumber.objects.create(sid=new_sid("PN"), number="+15005550101", synchronized_at=timezone.now())
    voicemail = left(sales, number)

    with pytest.raises((NotCallable, NotPermitted), match=words):
        call_back(ann, row(ann, sales))

    voicemail.refresh_from_db()
    assert (voicemail.taken_by, Return.objects.count(), Participant.objects.count()) == (None, 0, 0)


def test_without_a_number_to_call_from_nobody_is_called(ann: Agent, sales: Mailbox, settings: Any) -> None:
    settings.TWILIO_CALLER_ID = ""
    left(sales, to_number="sip:desk@company.example")

    with pytest.raises(NotCallable, match="no number to call from"):
        call_back(ann, row(ann, sales))


def test_an_agent_who_is_busy_or_has_no_phone_is_not_rung(ann: Agent, sales: Mailbox) -> None:
    voicemail = left(sales)
    seen = row(ann, sales)

    Agent.objects.update(activity="talking")
    with pytest.raises(Busy):
        call_back(ann, seen)
    Agent.objects.update(activity="idle", desk_seen_at=timezone.now() - timedelta(minutes=5))
    with pytest.raises(actions.NoPhone):
        call_back(ann, seen)

    voicemail.refresh_from_db()
    assert (voicemail.taken_by, Return.objects.count()) == (None, 0)


def test_an_agent_in_wrap_up_or_in_a_pause_may_call_back(ann: Agent, sales: Mailbox) -> None:
    Agent.objects.update(activity="wrap-up", chosen="not-ready", wrap_up_until=timezone.now() + timedelta(minutes=1))
    left(sales)

    assert call_back(ann, row(ann, sales)).state == "ringing"


def test_what_a_colleague_has_is_called_back_by_the_colleague(ann: Agent, sales: Mailbox) -> None:
    left(sales)
    actions.take(row(ann, sales), by=make_user("bob"))

    with pytest.raises(actions.Taken, match="bob"):
        call_back(ann, row(ann, sales))


def test_what_is_done_is_not_called_back(ann: Agent, sales: Mailbox) -> None:
    left(sales)
    seen = row(ann, sales)
    actions.finish(seen, by=ann.user, at=timezone.now())

    with pytest.raises(actions.Settled, match="done already"):
        call_back(ann, seen)
