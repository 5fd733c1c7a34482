"""What is asked of Twilio about texts, and what its answers lead to."""

import os
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from contacts import optouts
from contacts.states import Channel
from messaging import tasks
from messaging.actions import send, sending
from messaging.models import LineType, Media, Message, Removal, Thread
from messaging.states import MediaState, Rule, State, Why
from telephony import client
from tests.calls.factories import AT, new_sid
from tests.messaging.factories import OURS, THEIRS, make_media, make_message, make_sender, make_thread
from tests.telephony.adapter import reached
from tests.telephony.canned import Canned, Canteen

pytestmark = pytest.mark.django_db
QUEUED = {"sid": "SM" + "1" * 32, "status": "queued", "num_segments": "1", "direction": "outbound-api"}
PAGE = {"first_page_uri": "/x", "next_page_uri": None, "page": 0, "page_size": 50, "uri": "/x"}


@pytest.fixture(autouse=True)
def _hasty(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(client, "PAUSES", (0.0,))
    settings.DATA_DIR = tmp_path


@pytest.fixture
def sender():
    return make_sender(is_default=True)


def wanted(**fields: Any) -> Message:
    return send(**({"to": THEIRS, "body": "Hello", "why": Why.AGENT, "at": timezone.now()} | fields))


def asked(message: Message, *answers: Canned) -> Canteen:
    api = Canteen(*answers)
    with reached(api):
        tasks.send(str(message.pk))
    message.refresh_from_db()
    return api


def posted(api: Canteen) -> list[dict[str, str]]:
    return [dict(form) for method, path, _query, form in api.asked if method == "POST" and "Messages" in path]


def refusal(code: int, status: int = 400) -> Canned:
    return Canned(status, {"code": code, "message": "no", "more_info": "", "status": status})


def test_a_text_is_asked_for_with_its_own_id_in_the_address_of_its_news(sender):
    message = wanted()
    (form,) = posted(asked(message, Canned(201, QUEUED)))

    assert (message.state, message.sid, message.status) == (State.ASKED, QUEUED["sid"], "queued")
    assert (form["To"], form["From"], form["Body"]) == (THEIRS, OURS, "Hello")
    assert f"/messaging/status/{message.pk}" in form["StatusCallback"]


def test_a_messaging_service_sends_it_from_our_number():
    make_sender(is_default=True, service_sid="MG" + "2" * 32)
    (form,) = posted(asked(wanted(media=["https://example.com/a.png"]), Canned(201, QUEUED)))

    assert (form["MessagingServiceSid"], form["From"]) == ("MG" + "2" * 32, OURS)
    assert form["MediaUrl"] == "https://example.com/a.png"


def test_asking_twice_asks_once(sender):
    message = wanted()
    asked(message, Canned(201, QUEUED))

    assert posted(asked(message, Canned(201, QUEUED))) == []


def test_a_lost_answer_is_looked_for_and_found(sender):
    message = wanted()
    asked(message, Canned(500, {}))
    assert message.state == State.UNCLEAR

    others = {"sid": new_sid("SM"), "status": "sent", "direction": "outbound-api", "body": "Another"}
    mine = QUEUED | {"status": "sent", "body": "Hello", "to": THEIRS}
    with reached(Canteen(Canned(200, PAGE | {"messages": [others, mine]}))):
        tasks.search(str(message.pk))

    message.refresh_from_db()
    assert (message.state, message.sid, message.status) == (State.ASKED, QUEUED["sid"], "sent")


def test_a_lost_answer_that_is_not_found_is_never_sent_again(sender):
    message = wanted()
    asked(message, Canned(500, {}))
    make_message(message.thread, sid=QUEUED["sid"])  # the same words, sent before: it is another's
    api = Canteen(Canned(200, PAGE | {"messages": [QUEUED | {"body": "Hello"}]}))
    with reached(api):
        for _search in range(sending.SEARCHES):
            tasks.search(str(message.pk))
            tasks.send(str(message.pk))

    message.refresh_from_db()
    assert (message.state, message.rule) == (State.NOT_SENT, Rule.LOST)
    assert posted(api) == []


def test_twilios_no_is_kept_and_a_stop_gets_into_the_ledger(sender):
    message = wanted()
    asked(message, refusal(21610))

    assert (message.state, message.rule, message.error_code) == (State.NOT_SENT, Rule.OPTED_OUT, "21610")
    assert optouts.opted_out(THEIRS, Channel.TEXTS) is not None


def test_when_twilio_has_no_time_it_is_tried_again(sender):
    message = wanted()
    asked(message, refusal(20429, 429))

    assert (message.state, message.attempts) == (State.WANTED, 1)
    assert message.not_before > timezone.now()


def test_a_text_that_goes_by_itself_is_sent_to_no_landline(sender):
    message = wanted(why=Why.FALLBACK)
    api = asked(message, Canned(200, {"line_type_intelligence": {"type": "landline"}}))

    assert (message.state, message.rule) == (State.NOT_SENT, Rule.LANDLINE)
    assert posted(api) == []
    assert LineType.objects.get().kind == "landline"


def test_the_look_up_is_kept(sender):
    mobile = Canned(200, {"line_type_intelligence": {"type": "mobile"}})
    first = asked(wanted(why=Why.FLOW), mobile, Canned(201, QUEUED))
    second = asked(wanted(why=Why.FLOW), Canned(201, QUEUED | {"sid": new_sid("SM")}))

    assert [len(api.asked) for api in (first, second)] == [2, 1]


@pytest.mark.parametrize("answer", [Canned(503, {}), refusal(60200)])
def test_a_look_up_without_an_answer_is_made_again(sender, answer):
    message = wanted(why=Why.FALLBACK)
    api = asked(message, answer)

    assert (message.state, message.attempts) == (State.WANTED, 1)
    assert posted(api) == []


def test_a_quiet_text_is_asked_about():
    message = make_message()
    with reached(Canteen(Canned(200, QUEUED | {"sid": message.sid, "status": "delivered", "price": "-0.0079"}))):
        tasks.ask(str(message.pk))

    message.refresh_from_db()
    assert (message.status, message.price) == ("delivered", Decimal("0.0079"))


def test_a_text_that_twilio_does_not_know_is_closed_and_silence_changes_nothing():
    silent, unknown = make_message(), make_message(make_thread(number="+14155550124"))
    with reached(Canteen(Canned(503, {}))):
        tasks.ask(str(silent.pk))
    with reached(Canteen(refusal(20404, 404))):
        tasks.ask(str(unknown.pk))

    silent.refresh_from_db()
    unknown.refresh_from_db()
    assert (silent.status, unknown.status) == ("sent", "failed")


def test_what_was_left_behind_is_begun_again(sender):
    """A worker that was killed in the middle leaves an answer that counts as lost."""
    message = wanted()
    sending.claim(message.pk, at=timezone.now() - timedelta(minutes=5))
    with reached(Canteen(Canned(503, {}))):
        tasks.sweep()

    message.refresh_from_db()
    assert message.state == State.UNCLEAR


def test_the_sweep_sends_what_was_not_announced(sender):
    message = wanted()
    api = Canteen(Canned(201, QUEUED))
    with reached(api):
        tasks.sweep()

    message.refresh_from_db()
    assert message.state == State.ASKED
    assert len(posted(api)) == 1


def test_media_are_fetched_sealed_and_read_back():
    media, picture = make_media(), os.urandom(200_000)
    with reached(Canteen(Canned(200, picture, {"Content-Type": "image/png"}))):
        tasks.fetch(str(media.pk))
        tasks.fetch(str(media.pk))  # twice is once

    media.refresh_from_db()
    assert (media.state, media.size, media.leased_until, media.attempts) == (MediaState.STORED, 200_000, None, 1)
    assert media.key_id == "tests"


def test_media_that_could_not_be_fetched_are_tried_again():
    media = make_media()
    with reached(Canteen(Canned(503, {}))):
        tasks.fetch(str(media.pk))

    media.refresh_from_db()
    assert (media.state, media.retry_at > timezone.now(), bool(media.failure)) == (MediaState.ANNOUNCED, True, True)


@pytest.mark.parametrize(("ago", "state"), [(0, MediaState.ANNOUNCED), (60, MediaState.ABSENT)])
def test_media_that_twilio_does_not_have_are_waited_for_a_while(ago, state):
    media = make_media(announced_at=timezone.now() - timedelta(minutes=ago))
    with reached(Canteen(refusal(20404, 404))):
        tasks.fetch(str(media.pk))

    media.refresh_from_db()
    assert media.state == state


def test_what_is_left_of_a_deleted_text_goes():
    Removal.objects.create(sid="SM1", at=AT)
    Removal.objects.create(name="texts/2026/03/02/nothing", at=AT)
    api = Canteen(Canned(204, b""))
    with reached(api):
        tasks.remove()

    assert Removal.objects.count() == 0
    assert [(method, path.endswith("/Messages/SM1.json")) for method, path, *_rest in api.asked] == [("DELETE", True)]


def test_what_could_not_be_deleted_is_tried_again_for_ever():
    removal = Removal.objects.create(sid="SM1", at=AT)
    with reached(Canteen(Canned(503, {}))):
        tasks.remove()

    removal.refresh_from_db()
    assert (removal.retry_at > timezone.now(), bool(removal.failure)) == (True, True)


def test_a_text_whose_webhook_was_lost_is_taken_in(sender):
    then = (timezone.now() - timedelta(minutes=10)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    row = {"sid": new_sid("MM"), "direction": "inbound", "from": THEIRS, "to": OURS, "body": "Hi", "date_created": then}
    listed = Canned(200, PAGE | {"messages": [row | {"num_media": "1", "status": "received"}]})
    attached = Canned(200, PAGE | {"media_list": [{"sid": new_sid("ME"), "content_type": "image/png"}]})
    with reached(Canteen(listed, attached)):
        tasks.catch_up()
    with reached(Canteen(listed)):
        tasks.catch_up()

    message = Message.objects.get()
    assert (message.sid, message.body, message.thread.unread) == (row["sid"], "Hi", 1)
    assert Media.objects.get().message == message


def test_without_an_answer_nothing_is_caught_up_with(sender):
    with reached(Canteen(Canned(503, {}))):
        tasks.catch_up()

    assert Thread.objects.count() == 0
