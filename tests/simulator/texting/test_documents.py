"""What the application answers to a text."""

import pytest

from simulator.simulator import HttpReply, Service
from tests.simulator.rest.sdk import client
from tests.simulator.world import ANN, BASE, BOB, COMPANY, world

PICTURE = HttpReply(200, (("Content-Type", "image/png"),), b"\x89PNG")


def answering(*documents, **pages):
    w = world()
    w.sim.add_number(COMPANY, sms_url=f"{BASE}/text", sms_fallback_url=f"{BASE}/fallback")
    w.sim.add_phone(ANN)
    w.sim.add_phone(BOB)
    if documents:
        w.page("/text", *documents)
    w.app.pages |= {f"/{name}": page for name, page in pages.items()}
    return w


def plain(text):
    return HttpReply(200, (("Content-Type", "text/plain"),), text.encode())


def write(w, body="Hi"):
    w.sim.text(ANN, COMPANY, body)
    w.sim.run_until_idle()


def test_a_message_goes_back_to_who_wrote():
    w = answering("<Message>At nine.</Message>")
    write(w)

    assert w.sim.inbox(ANN) == ["At nine."]
    reply = client(w.sim).messages.list()[0]
    assert (reply.direction, reply.from_, reply.to, reply.status) == ("outbound-reply", COMPANY, ANN, "delivered")
    assert w.codes() == []


def test_body_and_media_are_one_message():
    w = answering("<Message><Body>A cat</Body><Media>/cat.png</Media></Message>", **{"cat.png": PICTURE})
    write(w)

    reply = w.sim.messages[-1]
    assert (reply.body, [medium.content for medium in reply.media]) == ("A cat", [b"\x89PNG"])


def test_a_message_may_go_to_somebody_else_and_be_told_of():
    w = answering(f'<Message to="{BOB}" statusCallback="/news">Look</Message><Message action="/old">x</Message>')
    write(w)

    assert (w.sim.inbox(BOB), w.sim.inbox(ANN)) == (["Look"], ["x"])
    assert [entry["MessageStatus"] for entry in w.app.asked("/news")] == ["sending", "sent", "delivered"]
    assert len(w.app.asked("/old")) == 3


def test_a_redirect_leads_to_the_next_document_with_the_same_fields():
    w = answering("<Message>one</Message><Redirect>/next</Redirect><Message>never</Message>")
    w.page("/next", "<Message>two</Message>")
    write(w)

    assert w.sim.inbox(ANN) == ["one", "two"]
    assert w.app.asked("/next")[0]["Body"] == "Hi"


def test_a_plain_text_is_a_message_and_nothing_is_none():
    w = answering(text=[plain("Thanks"), HttpReply(204), plain("  ")])
    for _ in range(3):
        write(w)

    assert w.sim.inbox(ANN) == ["Thanks"]
    assert w.codes() == []


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (HttpReply(500), "11200"),
        (HttpReply(200, (("Content-Type", "application/json"),), b"{}"), "12300"),
        (HttpReply(200, (("Content-Type", "text/xml"),), b"<Response><Message>"), "12100"),
        (HttpReply(200, (("Content-Type", "text/xml"),), b"<Answer/>"), "12102"),
    ],
)
def test_an_answer_that_fails_leads_to_the_fallback(page, code):
    w = answering(text=page, fallback="<Response><Message>Later</Message></Response>")
    write(w)

    assert w.sim.inbox(ANN) == ["Later"]
    (asked,) = w.app.asked("/fallback")
    assert (asked["ErrorCode"], asked["ErrorUrl"], asked["Body"]) == (code, f"{BASE}/text", "Hi")


def test_a_fallback_that_fails_is_the_end():
    w = answering(text=HttpReply(500), fallback=HttpReply(500))
    write(w)

    assert w.app.paths() == ["/text", "/fallback"]


def test_a_number_that_leads_nowhere_takes_the_text_all_the_same():
    w = world()
    w.sim.text(ANN, COMPANY, "Hi")

    assert [message.body for message in client(w.sim).messages.list()] == ["Hi"]


def test_verbs_of_calls_are_unknown_here():
    w = answering("<Say>Hi</Say><Message>Hi</Message>")
    write(w)

    assert w.codes() == [12200]
    assert w.sim.inbox(ANN) == ["Hi"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ('<Message to="ann">x</Message>', 14101),
        (f'<Message from="{BOB}">x</Message>', 14102),
        ("<Message/>", 14103),
        (f"<Message>{'x' * 1601}</Message>", 21617),
    ],
)
def test_a_message_that_cannot_be_is_not_sent(document, code):
    w = answering(document)
    write(w)

    assert w.codes() == [code]
    assert w.sim.inbox(ANN) == []


def test_who_has_sent_stop_gets_no_answer():
    w = answering("<Message>Goodbye</Message>")
    write(w, "STOP")

    assert "Goodbye" not in w.sim.inbox(ANN)
    assert w.codes() == [21610]


def test_a_document_holds_ten_messages():
    w = answering("<Message>x</Message>" * 11)
    write(w)

    assert len(w.sim.inbox(ANN)) == 10
    assert w.codes() == [14109]


def test_fifteen_answers_in_half_a_minute_are_enough():
    w = answering("<Message>x</Message>" * 10)
    for _ in range(2):
        w.sim.text(ANN, COMPANY, "Hi")
    w.sim.run_until_idle()
    assert (len(w.sim.inbox(ANN)), set(w.codes())) == (15, {14107})

    w.sim.advance(31)
    write(w)

    assert len(w.sim.inbox(ANN)) == 25


def test_documents_that_lead_in_a_circle_end():
    w = answering("<Redirect>/text</Redirect>")
    write(w)

    assert len(w.app.asked("/text")) == 50
    assert w.codes() == [14106]


def test_a_services_own_address_wins_over_the_numbers():
    w = answering("<Message>number</Message>", service="<Response><Message>service</Message></Response>")
    w.sim.add_service(Service("MG" + "1" * 32, "Desk", (COMPANY,), inbound_url=f"{BASE}/service"))
    write(w)

    assert w.app.paths() == ["/service"]
    assert w.sim.inbox(ANN) == ["service"]


def test_a_request_may_be_repeated_with_its_token():
    w = answering("<Message>once</Message>")
    w.sim.faults.force("repeat", path="/text")
    write(w)

    tokens = [request.headers["I-Twilio-Idempotency-Token"] for request in w.app.requests]
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
    assert w.sim.inbox(ANN) == ["once"]
