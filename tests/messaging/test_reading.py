"""Who sees which texts, and what one would cost."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.actions import opt_out
from contacts.models import Contact, ContactNumber
from contacts.states import Channel, How
from messaging import reading
from messaging.models import Media, Message, Thread
from messaging.segments import Alphabet
from messaging.states import Rule, State
from tests.agents.factories import agent, team, user
from tests.calls.factories import AT
from tests.messaging.factories import THEIRS, make_media, make_message, make_received, make_thread
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


def test_a_person_sees_the_threads_of_their_queues_and_of_none():
    sales = team()
    mine, others = make_queue(team=sales), make_queue(team=team())
    ann = user("Agent")
    agent(account=ann, team=sales)
    nobodys = make_thread()
    of_mine = make_thread(nobodys.sender, "+14155550124", queue=mine)
    of_others = make_thread(nobodys.sender, "+14155550125", queue=others)

    assert set(Thread.objects.visible_to(ann)) == {nobodys, of_mine}
    assert set(Thread.objects.visible_to(user("Auditor"))) == {nobodys, of_mine, of_others}


def test_what_had_nobody_to_go_to_is_seen_by_who_sees_everything():
    row = make_message(make_thread())
    lost = make_message(row.thread, sid="", state=State.NOT_SENT, rule=Rule.NO_NUMBER)
    lost.thread = None
    lost.save(update_fields=["thread"])

    assert list(Message.objects.visible_to(user("Agent"))) == [row]
    assert set(Message.objects.visible_to(user("Auditor"))) == {row, lost}


def test_pictures_are_for_who_sees_the_thread_and_may_look():
    media = make_media()
    assert reading.may_look(user("Agent"), media)
    assert not reading.may_look(user("Auditor"), media)

    make_thread(media.message.thread.sender, "+14155550124")
    media.message.thread.queue = make_queue(team=team())
    media.message.thread.save(update_fields=["queue"])
    assert not reading.may_look(user("Agent"), media)
    assert reading.may_look(user("Compliance officer"), media)


def test_a_conversation_is_read_in_so_many_statements():
    thread = make_thread()
    contact = Contact.objects.create(name="Ada", created_at=AT, updated_at=AT)
    ContactNumber.objects.create(contact=contact, number=THEIRS)
    opt_out(THEIRS, Channel.TEXTS, how=How.TEXT, at=AT)
    for _text in range(5):
        make_media(make_received(thread))
    with CaptureQueriesContext(connection) as queries:
        shown = reading.conversation(thread, most=4)
        assert len([one for message in shown.messages for one in message.media.all()]) == 4

    assert len(queries) <= 4
    assert (shown.contact, shown.wants_none, shown.is_cut, len(shown.messages)) == ("Ada", True, True, 4)
    assert Media.objects.count() == 5


def test_a_text_is_estimated_by_what_the_last_one_cost_else_as_it_is_set(settings):
    assert reading.estimate("Hi", THEIRS).price is None

    settings.TEXT_PRICE_PER_SEGMENT, settings.TEXT_CURRENCY = "0.01", "EUR"
    found = reading.estimate("я" * 71, THEIRS)
    assert (found.length.segments, found.length.alphabet) == (2, Alphabet.UCS2)
    assert (found.price, found.currency) == (Decimal("0.02"), "EUR")

    make_message(status="delivered", country="US", segments=2, price="0.0150", currency="USD", ended_at=AT)
    assert reading.estimate("Hi", THEIRS).price == Decimal("0.0075")
    assert reading.estimate("Hi", "+442071838750").currency == "EUR"
