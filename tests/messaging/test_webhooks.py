"""Texts and their news as Twilio posts them."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from messaging.models import Media, Message
from telephony.models import Delivery
from tests import signed
from tests.calls.factories import new_sid
from tests.messaging.factories import OURS, THEIRS, make_keyword, make_message, make_received

pytestmark = pytest.mark.django_db
INBOUND, FALLBACK, STATUS = "/messaging/inbound", "/messaging/fallback", "/messaging/status"
PAYLOADS = sorted(Path(__file__).parent.parent.joinpath("payloads").glob("*.json"))
MOST_QUERIES = 12  # the record of the request, who texts, the text itself, what words there are, and the event of it


def incoming(body: str = "Hello", media: int = 0, **fields: str) -> dict[str, str]:
    form = {"MessageSid": new_sid("SM"), "From": THEIRS, "To": OURS, "Body": body, "NumMedia": str(media)}
    for number in range(media):
        form[f"MediaUrl{number}"] = f"https://api.twilio.com/2010-04-01/x/Media/{new_sid('ME')}"
        form[f"MediaContentType{number}"] = "image/png"
    return form | fields


def test_a_text_comes_in_and_is_answered_at_once(client: Client):
    make_keyword("HOURS", "9 to 5 & <later>")
    answer = signed.post(client, INBOUND, incoming("hours"))

    told = Message.objects.get(answers__isnull=False)
    (message,) = ElementTree.fromstring(answer.content)
    assert (message.tag, message[0].tag, message[0].text) == ("Message", "Body", "9 to 5 & <later>")
    assert f"/messaging/status/{told.pk}" in message.attrib["statusCallback"]
    assert answer["Content-Type"].startswith("text/xml")


def test_what_a_text_says_is_kept_once(client: Client):
    signed.post(client, INBOUND, incoming("my card is 4111 1111 1111 1111"))

    assert "4111" not in json.dumps(Delivery.objects.get().form)
    assert "4111" in Message.objects.get().body


def test_the_fallback_gives_the_answer_of_a_text_that_is_known(client: Client):
    make_keyword()
    form = incoming("HOURS")
    first = signed.post(client, INBOUND, form)
    again = signed.post(client, FALLBACK, form | {"ErrorCode": "11200", "ErrorUrl": "https://contact.example.com/x"})

    assert first.content == again.content
    assert Message.objects.count() == 2


def test_the_fallback_takes_in_what_the_other_page_has_failed_on(client: Client):
    signed.post(client, FALLBACK, incoming("Hello", ErrorCode="11200"))

    assert Message.objects.get().body == "Hello"


def test_news_finds_its_text_by_our_id_and_by_the_sid(client: Client):
    ours = make_message(sid="", status="", state="asking")
    known = make_message(ours.thread)
    sid = new_sid("SM")
    signed.post(client, f"{STATUS}/{ours.pk}", {"MessageSid": sid, "MessageStatus": "sent"})
    signed.post(client, STATUS, {"MessageSid": known.sid, "MessageStatus": "undelivered", "ErrorCode": "30003"})

    ours.refresh_from_db()
    known.refresh_from_db()
    assert (ours.sid, ours.status) == (sid, "sent")
    assert (known.status, known.error_code) == ("undelivered", "30003")


def test_news_of_what_we_do_not_know_is_answered_all_the_same(client: Client):
    assert signed.post(client, STATUS, {"MessageSid": new_sid("SM"), "MessageStatus": "sent"}).status_code == 204
    assert signed.post(client, STATUS, {}).status_code == 204


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_every_payload_that_was_ever_seen_is_served(client: Client, path: Path):
    fields: dict[str, str] = json.loads(path.read_text())["params"]

    assert signed.post(client, INBOUND, fields).status_code == 200
    assert signed.post(client, STATUS, fields).status_code == 204


@pytest.mark.parametrize(("known", "media"), [(0, 0), (30, 0), (0, 10)])
def test_a_text_costs_so_many_statements_however_much_there_is(client: Client, known: int, media: int):
    first = make_received()
    for number in range(known):
        make_received(first.thread)
        make_keyword(f"WORD{number}")
    with CaptureQueriesContext(connection) as queries:
        assert signed.post(client, INBOUND, incoming(media=media)).status_code == 200

    statements = [one["sql"] for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= MOST_QUERIES + bool(media), "\n".join(statements)
    assert Media.objects.count() == media


def test_news_costs_so_many_statements(client: Client):
    message = make_message()
    with CaptureQueriesContext(connection) as queries:
        signed.post(client, f"{STATUS}/{message.pk}", {"MessageSid": message.sid, "MessageStatus": "delivered"})

    statements = [one["sql"] for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 8, "\n".join(statements)
