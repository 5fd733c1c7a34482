import json
from pathlib import Path

import pytest

from simulator.twiml import TwimlError, parse

DOCUMENTS = json.loads((Path(__file__).parent / "data" / "twiml-documents.json").read_text())["documents"]


def response(inside: str) -> bytes:
    return f"<Response>{inside}</Response>".encode()


def codes(inside: str) -> list[int]:
    return [found.code for found in parse(response(inside)).violations]


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_document_of_twilios_pages_parses(name):
    parse(DOCUMENTS[name].encode())


def test_only_three_of_twilios_documents_break_the_schema():
    broken = {name for name, text in DOCUMENTS.items() if parse(text.encode()).violations}

    assert len(DOCUMENTS) == 167
    assert len(broken) == 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", 12100),
        (b"Hello", 12100),
        (b"<Response>", 12100),
        (b"\xef\xbb\xbf<Response/>", 12100),
        (b"\n<?xml version='1.0'?><Response/>", 12100),
        (b"<!DOCTYPE Response><Response/>", 12100),
        (b"<Response>\xff</Response>", 12100),
        (b"<?xml version='1.0' encoding='nonsense'?><Response/>", 12100),
        (b"<response/>", 12102),
        (b"<Say>Hello</Say>", 12102),
        (b"<Response version='3'/>", 12101),
        (b"<Response>" + b" " * 66_000 + b"</Response>", 11750),
    ],
)
def test_what_twilio_does_not_run_is_refused(body, code):
    with pytest.raises(TwimlError) as refused:
        parse(body)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<Shout>Hello</Shout>", 12200),
        ("<say>Hello</say>", 12200),
        ("<Number>+14155550100</Number>", 12200),
        ("<Say Voice='man'>Hello</Say>", 12200),
        ("<Say voice='Polly.Nobody'>Hello</Say>", 13511),
        ("<Say language='es'>Hola</Say>", 13512),
        ("<Say/>", 13520),
        ("<Say>Hello <speak>you</speak></Say>", 12200),
        ("<Say><break strength='huge'/>Hello</Say>", 12200),
        ("<Pause length='-1'/>", 13910),
        ("<Pause>text</Pause>", 12200),
        ("<Gather><Dial/></Gather>", 13320),
        ("<Gather input='dtmf, speech'/>", 13326),
        ("<Dial><Say>Hello</Say></Dial>", 13215),
        ("<Dial record='always'>+14155550100</Dial>", 13217),
        ("<Dial timeout='1.5'>+14155550100</Dial>", 13212),
        ("<Dial><Number statusCallbackEvent='started'>+14155550100</Number></Dial>", 12200),
        ("<Redirect method='PUT'>/x</Redirect>", 13710),
        ("<Reject reason='tired'/>", 12200),
    ],
)
def test_what_twilio_warns_about_is_a_violation_with_its_code(inside, code):
    assert codes(inside) == [code]


@pytest.mark.parametrize(
    "inside",
    [
        "<Dial record='true' callReason='Order 7'>+14155550100</Dial>",
        "<Dial><Client clientNotificationUrl='https://x'>ann</Client></Dial>",
        "<Stop><Recording name='x'/></Stop>",
        "<Start><Recording name='x'/></Start>",
        "<Say>One <say-as interpret-as='digits'>123</say-as><!-- comment --> two</Say>",
        "<Say><lang xml:lang='fr-FR'>Bonjour</lang></Say>",
        "<Gather input='dtmf speech' finishOnKey=''><Say>Hello</Say><Pause/><Play>/x</Play></Gather>",
        "",
    ],
)
def test_what_twilio_documents_is_fine(inside):
    assert codes(inside) == []


def test_what_breaks_the_schema_is_left_out():
    (say, gather) = parse(response("<Say loud='1' loop='x'>Hi</Say><Shout/><Gather><Dial/></Gather>")).verbs

    assert say.attributes == {}
    assert gather.children == ()


def test_the_text_of_say_has_no_markup_and_no_comments():
    (say,) = parse(response("<Say>\n One <break/>  two <!-- three --> <emphasis>four</emphasis>\n</Say>")).verbs

    assert say.text == "One two four"
    assert say.marked_up
