"""TwiML that people write: read with its places, compared with the schema, and written again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.markup import Fault, Unreadable, faults, read, verbs
from telephony.twiml import Client, Dial, Gather, Number, Pause, Play, Redirect, Say, Sip, document
from tests.telephony.schema import violations

GOOD = """
<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <!-- a greeting -->
  <Say language="de-DE">Hallo <break time="1s"/> Tom &amp; Jerry</Say>
  <Gather input="dtmf speech" action="/x" method="POST"><Play>https://a.example/x.mp3</Play></Gather>
  <Connect><Stream url="wss://a.example"><Parameter name="a" value="&lt;b&gt;"/></Stream></Connect>
</Response>
"""


def test_a_good_document_has_no_faults_and_is_written_in_one_way():
    root = read(GOOD)

    written = document(child.written() for child in root.children)

    assert list(faults(root)) == []
    assert violations(written) == []
    assert 'Hallo <break time="1s"/> Tom &amp; Jerry' in written
    assert 'value="&lt;b&gt;"' in written
    assert "greeting" not in written
    assert read(written).written() == read(document(child.written() for child in read(written).children)).written()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault(1, 1, "It ends before all tags are closed, or is empty.")),
        ("<Response>\n  <Say>Hi</Sey>\n</Response>", Fault(2, 12, "The tag that closes here is not the one that was")),
        ("<Response>&uuml;</Response>", Fault(1, 11, "& begins a name that XML does not know")),
        ("<Response/><Response/>", Fault(1, 12, "Something follows after the end")),
        ("Hello", Fault(1, 1, "This is no XML: syntax error.")),
        ("<!DOCTYPE a><Response/>", Fault(1, 1, "It declares a document type")),
        ('<!DOCTYPE a [<!ENTITY b "c">]><Response>&b;</Response>', Fault(1, 1, "It declares a document type")),
        ("<Response>" + "<Say>" * 20, Fault(1, 1, "It is not XML that could be read.")),
    ],
)
def test_what_is_no_xml_is_told_with_its_place(text, fault):
    with pytest.raises(Unreadable) as caught:
        read(text)

    found = caught.value.fault
    assert (found.line, found.column) == (fault.line, fault.column)
    assert found.text.startswith(fault.text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<Reply/>", "Line 1, column 1: The document must stand in <Response>, not in <Reply>."),
        ("<Response>\n <Shout/></Response>", "Line 2, column 2: There is no <Shout> in TwiML. Capitals count."),
        ("<Response><say>Hi</say></Response>", "Line 1, column 11: There is no <say> in TwiML. Capitals count."),
        ("<Response><Number>1</Number></Response>", "Line 1, column 11: <Number> cannot stand in <Response>."),
        ('<Response><Say loud="1">a</Say></Response>', "Line 1, column 11: <Say> has no attribute “loud”."),
        ("<Response>Hello</Response>", "Line 1, column 1: <Response> holds no text, only other elements."),
        ("<Response><Redirect/></Response>", "Line 1, column 11: <Redirect> needs a text."),
        ('<Response><Pause length="x"/></Response>', "Line 1, column 11: “length” of <Pause> must be a whole number."),
        ('<Response><Pay method="PUT"/></Response>', "Line 1, column 11: <Pay> has no attribute “method”."),
        (
            '<Response><Redirect method="PUT">x</Redirect></Response>',
            "Line 1, column 11: “method” of <Redirect> must be GET or POST.",
        ),
        (
            '<Response><Dial answerOnBridge="yes">1</Dial></Response>',
            "Line 1, column 11: “answerOnBridge” of <Dial> must be true or false.",
        ),
        (
            '<Response><Gather input="voice"/></Response>',
            "Line 1, column 11: “input” of <Gather> must be one of dtmf, speech.",
        ),
    ],
)
def test_what_is_not_as_the_schema_says_is_told_with_its_place(text, told):
    assert [str(fault) for fault in faults(read(text))] == [told]


def test_what_only_the_pages_of_twilio_know_is_allowed():
    assert list(faults(read('<Response><Dial callReason="Your order">+15005550100</Dial></Response>'))) == []


@given(st.text(max_size=60))
def test_whatever_somebody_writes_is_read_or_told(text):
    lines = [1]
    for written in (text, f"<Response>{text}</Response>", f'<Response><Say voice="{text}">x</Say></Response>'):
        try:
            root = read(written)
        except Unreadable as unreadable:
            lines.append(unreadable.fault.line)
            continue
        list(faults(root))
        assert read(root.written()).tag == root.tag
    assert min(lines) == 1


def test_what_written_verbs_say_ask_and_ring_is_known():
    xml = (
        '<Say language="en-US">Hi <s>you</s></Say><Play digits="1"/><Pause length="3"/>'
        '<Gather action="/x" input="speech dtmf" numDigits="2" timeout="9"><Say>Keys?</Say><Pause/></Gather>'
        "<Dial timeout='5'><Number>+15005550100</Number><Client><Identity>ann</Identity></Client>"
        "<Sip>sip:a@b</Sip></Dial>"
        "<Dial>+15005550101</Dial><Connect><Stream url='wss://a'/></Connect>"
    )

    assert verbs(xml) == (
        Say("Hi you", language="en-US"),
        Play(digits="1"),
        Pause(3),
        Gather("/x", [Say("Keys?"), Pause()], "dtmf speech", timeout=9, num_digits=2),
        Dial([Number("+15005550100"), Client("ann"), Sip("sip:a@b")], timeout=5),
        Dial([Number("+15005550101")]),
    )


@pytest.mark.parametrize(
    ("xml", "found"),
    [
        ('<Say voice="alice" language="en-GB">Hello <break/>you</Say>', [Say("Hello you", "alice", "en-GB")]),
        ('<Play loop="2">https://example.com/a.mp3</Play>', [Play("https://example.com/a.mp3", loop=2)]),
        ('<Play digits="12"/><Pause length="3"/>', [Play(digits="12"), Pause(3)]),
        ("<Redirect> https://example.com </Redirect>", [Redirect("https://example.com")]),
        (
            '<Gather action="a" numDigits="1" timeout="4" input="speech dtmf"><Say>Press.</Say></Gather>',
            [Gather("a", [Say("Press.")], "dtmf speech", 4, num_digits=1)],
        ),
        ("<Dial>+14155550123</Dial>", [Dial([Number("+14155550123")])]),
        ('<Dial action="a"><Client>ann</Client></Dial>', [Dial([Client("ann")], action="a")]),
        ("<Start><Stream url='wss://example.com'/></Start>", []),
    ],
)
def test_what_is_written_becomes_verbs(xml, found):
    assert list(verbs(xml)) == found
