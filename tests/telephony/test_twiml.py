from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.twiml import (
    Client,
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Sip,
    Verb,
    render,
)
from tests.telephony.schema import verbs, violations

EVENTS = "initiated ringing answered completed"

CASES: list[tuple[Verb, str]] = [
    (Say("Hi & <bye>"), "<Say>Hi &amp; &lt;bye&gt;</Say>"),
    (Say("Hi", voice="Polly.Amy", language="en-GB"), '<Say voice="Polly.Amy" language="en-GB">Hi</Say>'),
    (Say('Hi<break time="1s"/>', markup=True), '<Say>Hi<break time="1s"/></Say>'),
    (Play("https://x/a?b=1&c=2", loop=2), '<Play loop="2">https://x/a?b=1&amp;c=2</Play>'),
    (Play(digits="ww12"), '<Play digits="ww12"/>'),
    (Pause(3), '<Pause length="3"/>'),
    (Gather("https://x/1"), '<Gather action="https://x/1" input="dtmf"/>'),
    (
        Gather(
            "https://x/1",
            prompts=(Say("Hi"), Pause()),
            input="dtmf speech",
            timeout=4,
            finish_on_key="",
            num_digits=2,
            speech_timeout="2",
            language="en-US",
            hints='a "b",c',
            barge_in=False,
            profanity_filter=True,
        ),
        (
            '<Gather action="https://x/1" input="dtmf speech" timeout="4" finishOnKey="" numDigits="2"'
            ' speechTimeout="2" language="en-US" hints="a &quot;b&quot;,c" bargeIn="false" profanityFilter="true">'
            '<Say>Hi</Say><Pause length="1"/></Gather>'
        ),
    ),
    (
        Dial(
            [Number("+15005550100", url="https://x/w", status_callback="https://x/s", send_digits="w1")],
            action="https://x/a",
            timeout=20,
            caller_id="+15005550101",
            answer_on_bridge=True,
            time_limit=60,
        ),
        (
            '<Dial action="https://x/a" timeout="20" callerId="+15005550101" answerOnBridge="true" timeLimit="60">'
            '<Number url="https://x/w" sendDigits="w1" statusCallback="https://x/s"'
            f' statusCallbackEvent="{EVENTS}">+15005550100</Number></Dial>'
        ),
    ),
    (
        Dial(
            [
                Client("ann"),
                Client("bob", parameters=[("why", 'a<"b')]),
                Sip("sip:x@y?X-A=1&X-B=2", username="u", password="p"),
            ]
        ),
        (
            "<Dial><Client>ann</Client>"
            '<Client><Identity>bob</Identity><Parameter name="why" value="a&lt;&quot;b"/></Client>'
            '<Sip username="u" password="p">sip:x@y?X-A=1&amp;X-B=2</Sip></Dial>'
        ),
    ),
    (
        Record(
            "https://x/a",
            max_length=60,
            timeout=4,
            finish_on_key="#",
            play_beep=False,
            trim="do-not-trim",
            status_callback="https://x/r",
        ),
        (
            '<Record action="https://x/a" maxLength="60" timeout="4" finishOnKey="#" playBeep="false" '
            'trim="do-not-trim"'
            ' recordingStatusCallback="https://x/r"'
            ' recordingStatusCallbackEvent="in-progress completed absent"/>'
        ),
    ),
    (Redirect("https://x/1"), "<Redirect>https://x/1</Redirect>"),
    (Reject("busy"), '<Reject reason="busy"/>'),
    (Hangup(), "<Hangup/>"),
]


@pytest.mark.parametrize(("verb", "expected"), CASES, ids=lambda value: type(value).__name__)
def test_a_verb_is_written_as_twilio_names_it(verb, expected):
    document = render([verb])

    assert ElementTree.canonicalize(document) == ElementTree.canonicalize(f"<Response>{expected}</Response>")
    assert violations(document) == []


def test_nothing_is_an_empty_response():
    assert verbs(render([])) == []


def test_documents_begin_with_the_declaration_and_hold_the_verbs_in_order():
    document = render([Say("a"), Pause(), Hangup()])

    assert document.startswith('<?xml version="1.0" encoding="UTF-8"?><Response>')
    assert [verb.tag for verb in verbs(document)] == ["Say", "Pause", "Hangup"]


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_gives_a_document_that_can_be_read_and_sent(text):
    document = render([Say(f"a{text}"), Gather(f"https://x/{text}", prompts=[Say(f"b{text}")], hints=text)])

    assert violations(document) == []


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cn"))))
def test_a_text_is_read_as_it_was_written(text):
    said = verbs(render([Say(f"a{text}")]))[0].text

    assert said == f"a{text}"


def test_the_validator_of_these_tests_finds_what_is_wrong():
    wrong = (
        '<Response><Say voice="alien" pitch="1">Hi</Say><Gather numDigits="x"><Dial/></Gather>'
        "<Hangup>now</Hangup></Response>"
    )

    found = violations(wrong)

    assert found == [
        "<Say voice>: 'alien' is not allowed",
        "<Say> has no attribute pitch",
        "<Gather numDigits>: 'x' is not a number",
        "<Dial> cannot stand in <Gather>",
        "<Hangup> holds text",
    ]
