"""Raw TwiML: checked so that the call comes back, filled with what the flow keeps, and left by what the caller did."""

import pytest

from ivr.kinds.base import Dialed, Keys, Silence, Speech
from ivr.kinds.raw_twiml import LONGEST, addresses, faults
from ivr.problems import Knowledge, problems
from telephony.twiml import Redirect, Written, render
from tests.ivr.factories import END, URLS, Walk, make_document, make_step, option
from tests.telephony.schema import violations

ASK = """<Response>
  <Gather action="{next}" numDigits="1"><Say>Press 1, {caller_name}.</Say></Gather>
</Response>"""


def raw(twiml=ASK, *options, **settings):
    step = make_step(
        "raw_twiml",
        settings={"twiml": twiml, **settings},
        options=list(options),
        exits={"next": "end"} | {row["exit"]: "end" for row in options},
    )
    keep = make_step("set", settings={"values": ["caller_name = Tom & <b>"]}, exits={"next": "raw"})
    return make_document({"keep": keep, "raw": step, "end": END})


def test_it_is_sent_as_written_with_the_way_back_and_what_the_flow_keeps():
    walk = Walk(raw())

    document = render(walk.verbs)

    assert [type(verb) for verb in walk.verbs] == [Written, Redirect]
    assert f'<Gather action="{URLS.resume}" numDigits="1"><Say>Press 1, Tom &amp; &lt;b&gt;.</Say></Gather>' in document
    assert violations(document) == []
    assert walk.step == "raw"


@pytest.mark.parametrize(
    ("heard", "way", "kept"),
    [
        (Keys("1"), "Yes", "1"),
        (Keys("2"), "next", "2"),
        (Speech("Yes!"), "Yes", "Yes!"),
        (Dialed("no-answer", bridged=False), "Nobody", "no-answer"),
        (Silence(), "next", ""),
    ],
)
def test_the_call_comes_back_and_goes_on_by_what_the_caller_did(heard, way, kept):
    walk = Walk(raw(ASK, option("Yes", "", "1", "yes"), option("Nobody", "", "no-answer"), keep="did")).hear(heard)

    assert walk.left_by == [way]
    assert walk.position.variables["did"] == kept


def test_a_name_without_a_value_stays_as_it_is():
    walk = Walk(raw("<Response><Say>It is {unknown}.</Say></Response>"))

    assert "It is {unknown}." in render(walk.verbs)


def test_what_is_no_xml_is_passed_over():
    assert Walk(raw("<Response")).left_by == ["next", "next"]


@pytest.mark.parametrize(
    "inside",
    [
        "<Say>Hello.</Say><Play>https://a.example/x.mp3</Play><Pause/>",
        "<Connect action='{next}'><ConversationRelay url='wss://a.example/x'/></Connect>",
        "<Start><Stream url='wss://a.example/x'/></Start>",
        "<Dial timeout='10'><Number url='https://a.example/whisper'>+15005550100</Number></Dial>",
        "<Dial record='do-not-record' action='{next}'>+15005550100</Dial>",
        "<Redirect>{next}</Redirect>",
        "<Pay action='{next}' chargeAmount='10'/>",
        "<Play digits='1w2'/>",
    ],
)
def test_what_lets_the_call_come_back_is_possible(inside):
    assert list(faults(f"<Response>{inside}</Response>")) == []


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("", "It holds no verb."),
        ("<Hangup/>", "<Hangup> is not possible here: use a step “Hang up”"),
        ("<Reject/>", "<Reject> is not possible here"),
        ("<Record/>", "<Record> is not possible here: use a step “Voicemail”"),
        ("<Enqueue>x</Enqueue>", "<Enqueue> is not possible here"),
        ("<Echo/>", "<Echo> is not possible here: it does not fit into a flow."),
        ("<Gather/>", '<Gather> needs action="{next}"'),
        ("<Gather action='https://a.example'/>", '<Gather> needs action="{next}"'),
        ("<Redirect>https://a.example</Redirect>", "<Redirect> can only lead to {next} here"),
        ("<Dial action='/done'>1</Dial>", 'The action of <Dial> must be "{next}"'),
        ("<Dial><Conference>x</Conference></Dial>", "<Conference> is not possible here"),
        ("<Start><Recording/></Start>", "<Recording> is not possible here: what is recorded is decided by"),
        ("<Dial record='record-from-answer'>1</Dial>", "“record” is not possible here"),
        ("<Play>file:///etc/passwd</Play>", "is no address that begins with https:// or wss://."),
        ("<Dial><Number url='/x'>1</Number></Dial>", "“url” of <Number> is no address that begins with https://"),
        ("<Play>https://a.example/{name}.mp3</Play>", "is an address, which holds no names in braces."),
    ],
)
def test_what_would_lose_the_call_or_go_round_other_rules_is_refused_in_words(inside, told):
    found = [fault.text for fault in faults(f"<Response>{inside}</Response>")]

    assert any(told in text for text in found), found


def test_what_is_too_long_is_not_even_read():
    (fault,) = faults("<Response>" + " " * LONGEST + "</Response>")

    assert fault.text == f"It has {LONGEST + 21} letters; at most {LONGEST} are possible."


def test_only_the_first_faults_are_told():
    step = raw("<Response>" + "<Shout/>" * 9 + "</Response>").steps["raw"]

    found = [problem for problem in step.problems() if problem.code == "bad_twiml"]

    assert len(found) == 5
    assert found[1].text == "TwiML of step “raw”. Line 1, column 19: There is no <Shout> in TwiML. Capitals count."


def test_its_options_have_values_and_no_keys():
    step = raw(ASK, option("One", "1", "1"), option("Two")).steps["raw"]

    assert [problem.code for problem in step.problems()] == ["keys_for_values", "option_without_value"]


def test_names_that_nothing_keeps_are_told_and_what_it_keeps_can_be_used():
    document = raw("<Response><Say>{did} {plan} {next}</Say></Response>", keep="did")

    told = [one.text for one in problems(document, knowledge=Knowledge()) if one.code == "unknown_variable"]

    assert told == ["Step “raw” uses “plan”, which no step of this flow keeps."]


def test_the_addresses_in_it_are_found():
    twiml = (
        "<Response><Play>https://a.example/x</Play><Dial><Sip url='https://b.example'>sip:a@b</Sip></Dial></Response>"
    )

    assert list(addresses(twiml)) == ["https://a.example/x", "https://b.example"]
    assert list(addresses("<Response")) == []
