"""Who is who to the policies, and what somebody hears about recording on the way into a conversation."""

import pytest

from compliance.policies import Facts, Present
from compliance.reading import Owed
from compliance.states import Answer, Mode, Party
from conferences import notices
from conferences.models import Room
from conferences.room import Role
from telephony.twiml import Gather, Redirect, Say
from tests.agents.factories import agent
from tests.calls.factories import AT
from tests.compliance.rows import entry, policy, scope
from tests.conferences import factories
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk():
    made = factories.conference()
    scope(made.customer, language="en-US")
    return made


def test_people_are_customer_colleague_or_from_outside(talk):
    ann = agent("Ann")
    customer = factories.customer(talk)
    owner = factories.person(talk, Role.OWNER, agent=ann)
    guest = factories.person(talk, Role.GUEST, name="The workshop")

    assert [notices.present(one) for one in (customer, owner, guest)] == [
        Present(Party.CUSTOMER),
        Present(Party.COLLEAGUE, ann.id.hex),
        Present(Party.OUTSIDE, guest.label),
    ]


def test_a_supervisor_is_a_colleague_as_everybody_here():
    row = factories.person(factories.conference(), Role.SUPERVISOR, agent=agent("Kim"))

    assert notices.party_of(row) is Party.COLLEAGUE


def test_everybody_hears_what_a_policy_asks_of_them(talk):
    policy(consent=Mode.ASK_EVERY, texts={"en-US": "May we?"})
    people = [
        factories.customer(talk),
        factories.person(talk, Role.OWNER, agent=agent()),
        factories.person(talk, Role.GUEST),
    ]

    heard = [[(item.text, item.asks) for item in notices.owed(talk, one)] for one in people]

    assert heard == [[("May we?", True)], [("This call is recorded.", False)], [("May we?", True)]]


def test_an_answer_on_another_leg_is_the_customers_too(talk):
    made = policy(consent=Mode.ASK_ONE)
    customer = factories.customer(talk)
    entry(talk.customer, made, Answer.AGREED, leg="CA-earlier")

    assert notices.owed(talk, customer) == []


def test_nobody_is_asked_in_a_standing_room():
    policy(consent=Mode.ASK_EVERY)
    room = Room.objects.create(name="Team", host_pin="1234")
    made = factories.conference(room=room)

    assert notices.owed(made, factories.person(made, Role.GUEST)) == []


def test_who_rings_a_customer_is_told_before_there_is_one_and_once():
    queue = make_queue()
    policy(queue=queue, consent=Mode.ASK_EVERY)
    made = factories.conference(facts={"queue": queue.pk, "direction": "outbound"})
    made.customer = None
    ann = factories.person(made, Role.OWNER, agent=agent("Ann"))
    guest = factories.person(made, Role.GUEST)

    assert [item.text for item in notices.owed(made, ann)] == ["This call is recorded."]
    assert notices.owed(made, guest) == []
    ann.told_at = AT
    assert notices.owed(made, ann) == []


def test_what_policies_ask_is_kept_with_a_conversation_whose_customer_is_yet_to_be_rung():
    made = factories.conference(facts={"number": "+15005550100", "queue": 7, "direction": "outbound"})

    assert notices.facts_of(made) == Facts(number="+15005550100", queue=7, direction="outbound")
    assert notices.facts_of(factories.conference()) == Facts()


def test_a_notice_is_said_and_then_twilio_comes_back(settings, talk):
    row, made = factories.customer(talk), policy()

    said, back = notices.verbs(row, Owed(made, None, "We record.", "en-US", asks=False))

    assert said == Say("We record.", language="en-US")
    assert isinstance(back, Redirect)
    assert str(row.pk) in back.url
    assert f"/{made.pk}/" in back.url


def test_a_question_waits_for_one_key_and_twilio_comes_back_without_one_too(talk):
    row, made = factories.customer(talk), policy(consent=Mode.ASK_ONE)

    gather, back = notices.verbs(row, Owed(made, None, "May we?", "en-US", asks=True), tries=1)

    assert isinstance(gather, Gather)
    assert (gather.prompts, gather.num_digits, gather.timeout) == ((Say("May we?", language="en-US"),), 1, 8)
    assert isinstance(back, Redirect)
    assert back.url == gather.action
