"""Texts in the API: read by who may, sent once, refused with the rule."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.models import AccessEntry
from contacts.actions import opt_out
from contacts.states import Channel, How
from messaging import files
from messaging.actions import keeping
from messaging.models import Message
from messaging.states import Rule, State, Why
from tests.agents.factories import team
from tests.calls.factories import AT, make_call
from tests.crm.asking import Asking, asking
from tests.messaging.factories import THEIRS, make_media, make_message, make_received, make_sender, make_thread
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db
SEES = ("messaging.view_message", "messaging.view_thread", "calls.view_numbers")


@pytest.fixture
def reader() -> Asking:
    return asking("messages:read", permissions=SEES)


@pytest.fixture
def writer() -> Asking:
    return asking("messages:read", "messages:write", permissions=(*SEES, "messaging.send_text"))


def ids(answer) -> list[str]:
    return [item["id"] for item in answer.json()["items"]]


def test_a_text_is_told_with_its_thread_its_call_and_its_pictures(reader):
    message = make_received(call=make_call())
    media = make_media(message)

    told = reader.get(f"/messages/{message.pk}").json()

    assert (told["number"], told["our_number"], told["body"]) == (THEIRS, "+15005550100", "Where is my parcel?")
    assert (told["conversation"], told["thread"]) == (str(message.call.conversation), str(message.thread_id))
    assert told["media"] == [{"id": str(media.pk), "content_type": "image/png", "size": None, "state": "announced"}]


def test_what_somebody_has_texted_is_fetched_by_who_may_look_and_logged():
    media = make_media()
    looker = asking("messages:read", "messages:look", permissions=(*SEES, "messaging.look_at_media"))
    early = looker.get(f"/texted-media/{media.pk}/content")
    claimed = keeping.claim_media(media.pk, at=AT)
    keeping.note_stored(claimed, files.store(claimed, b"\x89PNG"), content_type="image/png", at=AT)

    told = looker.get(f"/texted-media/{media.pk}/content")

    assert early.status_code == 404
    assert told.json() == {"content_type": "image/png", "content": "iVBORw=="}
    assert looker.get(f"/texted-media/{media.pk}").json()["size"] == 4
    assert [entry.subject_id for entry in AccessEntry.objects.all()] == [str(media.pk)]


def test_what_somebody_has_texted_is_for_nobody_who_does_not_see_the_text_or_may_not_look(reader):
    media = make_media(make_received(make_thread(queue=make_queue("Sales", team=team("Sales")))))
    elsewhere = asking("messages:look", permissions=("messaging.view_message", "messaging.look_at_media"))

    assert reader.get(f"/texted-media/{media.pk}/content").status_code == 403
    assert elsewhere.get(f"/texted-media/{media.pk}/content").status_code == 404
    assert not AccessEntry.objects.exists()


def test_a_file_that_our_storage_has_lost_is_told_as_our_fault():
    media = make_media()
    claimed = keeping.claim_media(media.pk, at=AT)
    kept = files.store(claimed, b"\x89PNG")
    keeping.note_stored(claimed, kept, content_type="image/png", at=AT)
    default_storage.delete(kept.name)
    looker = asking("messages:look", permissions=("messaging.view_message", "messaging.look_at_media"))

    assert looker.get(f"/texted-media/{media.pk}/content").status_code == 500


def test_numbers_are_masked_for_who_may_not_see_them_whole():
    message = make_received(body="Call me at +14155550123")
    told = asking("messages:read", permissions=SEES[:2]).get(f"/messages/{message.pk}").json()

    assert (told["number"], told["body"]) == ("+1415****123", "Call me at +1415****123")


def test_why_a_text_was_not_sent_is_told_in_words(reader):
    thread = make_thread()
    landline = make_message(thread, sid="", state=State.NOT_SENT, rule=Rule.LANDLINE)
    lost = make_message(thread, status="undelivered", error_code="30003")

    assert reader.get(f"/messages/{landline.pk}").json()["explanation"] == "That is a landline, which gets no texts."
    assert reader.get(f"/messages/{lost.pk}").json()["explanation"] == "The telephone is off or out of reach."


def test_texts_are_found_by_what_people_ask_for(reader):
    thread = make_thread()
    mine, about = make_received(thread), make_message(thread, call=make_call())
    other = make_received(make_thread(thread.sender, "+14155550124"))

    assert ids(reader.get("/messages", {"number": "(415) 555-0124"})) == [str(other.pk)]
    assert set(ids(reader.get("/messages", {"thread": str(thread.pk)}))) == {str(mine.pk), str(about.pk)}
    assert ids(reader.get("/messages", {"call": str(about.call.pk)})) == [str(about.pk)]
    assert ids(reader.get("/messages", {"direction": "out"})) == [str(about.pk)]


def test_a_key_sees_what_its_owner_sees(reader):
    message = make_received(make_thread(queue=make_queue(team=team())))

    assert ids(reader.get("/messages")) == ids(reader.get("/threads")) == []
    assert reader.get(f"/messages/{message.pk}").status_code == 404
    officer = asking("messages:read", permissions=(*SEES, "messaging.see_every_thread"))
    assert ids(officer.get("/messages")) == [str(message.pk)]


def test_a_text_is_sent_once_for_a_key(writer):
    make_sender(is_default=True)
    body = {"to": "(415) 555-0123", "body": "Your parcel is here."}
    first = writer.post("/messages", body, **{"Idempotency-Key": "one"})
    again = writer.post("/messages", body, **{"Idempotency-Key": "one"})

    message = Message.objects.get()
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (message.why, message.by, message.thread.number) == (Why.API, writer.key.owner, THEIRS)


def test_an_opt_out_is_a_refusal_that_names_the_rule_and_the_row(writer):
    make_sender(is_default=True)
    opt_out(THEIRS, Channel.TEXTS, how=How.TEXT, at=AT)
    answer = writer.post("/messages", {"to": THEIRS, "body": "Hello"})

    told = answer.json()
    assert (answer.status_code, told["rule"], "START" in told["detail"]) == (422, "opted-out", True)
    assert Message.objects.get(pk=told["message"]).state == State.NOT_SENT


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"to": THEIRS, "body": " "}, "body"),
        ({"to": "nobody", "body": "Hello"}, "to"),
        ({"to": THEIRS, "body": "x" * 1601}, "body"),
        ({"to": THEIRS, "body": "Hello", "queue": 99}, "queue"),
        ({"to": THEIRS, "body": "Hello", "media_urls": ["file:///etc/passwd"]}, "media_urls.0"),
    ],
)
def test_what_is_wrong_with_a_text_is_named(writer, body, field):
    make_sender(is_default=True)
    answer = writer.post("/messages", body)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert Message.objects.count() == 0


def test_sending_takes_a_permission_and_a_scope(reader):
    assert reader.post("/messages", {"to": THEIRS, "body": "Hello"}).status_code == 403
    unsent = asking("messages:write", permissions=SEES)
    assert unsent.post("/messages", {"to": THEIRS, "body": "Hello"}).status_code == 403


def test_what_a_text_would_cost_is_told_before(writer, settings):
    settings.TEXT_PRICE_PER_SEGMENT = "0.01"
    told = writer.post("/messages/estimate", {"to": THEIRS, "body": "ж" * 71}).json()

    assert (told["segments"], told["alphabet"], told["culprits"], told["price"]) == (2, "UCS-2", "ж", "0.02000")


def test_a_thread_that_needs_no_answer_is_finished_once(writer):
    thread = make_thread(waits_since=AT, unread=1)
    assert ids(writer.get("/threads", {"waiting": "true"})) == [str(thread.pk)]

    assert writer.post(f"/threads/{thread.pk}/finish").json()["unread"] == 0
    assert writer.post(f"/threads/{thread.pk}/finish").status_code == 409


@pytest.mark.parametrize("many", [1, 12])
def test_a_page_costs_so_many_statements_however_many_texts_there_are(reader, many):
    thread = make_thread()
    for _text in range(many):
        make_media(make_received(thread))
    with CaptureQueriesContext(connection) as queries:
        assert len(ids(reader.get("/messages"))) == many

    assert len(queries) <= 12
