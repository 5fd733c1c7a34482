"""Gather: what ends it, what its action gets, and what happens without input."""

import pytest

from tests.simulator.world import pick, world

RESULT = ("Digits", "FinishedOnKey", "msg", "SpeechResult", "Confidence")


def gather(attributes: str, nested: str = "", then: str = "<Say>Nothing</Say>"):
    w = world()
    w.page("/got", "<Say>Thanks</Say>")
    leg = w.call(f"<Gather action='/got' {attributes}>{nested}</Gather>{then}")
    return w, leg


@pytest.mark.parametrize(
    ("attributes", "keys", "expected"),
    [
        ("numDigits='1'", "1", {"Digits": "1", "FinishedOnKey": ""}),
        ("numDigits='3'", "123", {"Digits": "123", "FinishedOnKey": ""}),
        ("", "174422#", {"Digits": "174422", "FinishedOnKey": "#"}),
        ("", "12", {"Digits": "12", "FinishedOnKey": ""}),
        ("finishOnKey='*'", "1#2*", {"Digits": "1#2", "FinishedOnKey": "*"}),
        ("finishOnKey=''", "1#*", {"Digits": "1#*", "FinishedOnKey": ""}),
        ("numDigits='4'", "12#", {"Digits": "12", "FinishedOnKey": "#"}),
        ("numDigits='2'", "1w2", {"Digits": "12", "FinishedOnKey": ""}),
        ("input='dtmf speech' numDigits='1'", "5", {"Digits": "5", "FinishedOnKey": ""}),
        ("actionOnEmptyResult='true'", "#", {"Digits": "", "FinishedOnKey": "#"}),
    ],
)
def test_keys_are_sent_with_the_key_that_ended_them(attributes, keys, expected):
    w, leg = gather(attributes)

    w.sim.press(leg.sid, keys)
    w.sim.run_until_idle()

    (fields,) = w.app.asked("/got")
    assert pick(fields, *RESULT) == expected | {"msg": "Gather End"}
    assert leg.heard_text == "Thanks"


@pytest.mark.parametrize("keys", ["", "#"])
def test_without_input_nothing_is_requested_and_the_next_verb_runs(keys):
    w, leg = gather("")

    if keys:
        w.sim.press(leg.sid, keys)
    w.sim.run_until_idle()

    assert w.app.asked("/got") == []
    assert leg.heard_text == "Nothing"


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("dtmf", {"Digits": "", "FinishedOnKey": "", "msg": "Gather End"}),
        ("speech", {}),
        ("dtmf speech", {"Digits": "", "FinishedOnKey": "", "msg": "Gather End"}),
    ],
)
def test_an_empty_result_is_sent_when_asked_for(kinds, expected):
    w, _ = gather(f"actionOnEmptyResult='true' input='{kinds}'")

    w.sim.run_until_idle()

    assert pick(w.app.asked("/got")[0], *RESULT) == expected


def test_the_time_out_counts_from_the_end_of_what_is_nested():
    w, leg = gather("timeout='4'", f"<Say>{'x' * 30}</Say><Pause length='3'/>")

    w.sim.advance(2 + 3 + 3.9)
    assert "Nothing" not in leg.heard_text
    w.sim.advance(0.2)

    assert "Nothing" in leg.heard_text


def test_each_key_restarts_the_time_out():
    w, leg = gather("timeout='4'")
    for key in "123":
        w.sim.press(leg.sid, key)
        w.sim.advance(3)

    assert w.app.asked("/got") == []
    w.sim.advance(1)

    assert w.app.asked("/got")[0]["Digits"] == "123"


def test_a_key_stops_what_is_nested():
    w, leg = gather("numDigits='2'", "<Say>A long list of what you may choose</Say><Say>Second</Say>")
    w.sim.advance(1)

    w.sim.press(leg.sid, "1")
    w.sim.advance(1)

    assert leg.heard[-1].cut
    assert "Second" not in leg.heard_text
    assert leg.doing == "gathering keys"


def test_keys_before_the_gather_are_lost():
    w, leg = gather("")
    w.page("/late", "<Say>Please hold on for a while</Say><Gather action='/got' timeout='2'/>")
    late = w.call("<Redirect>/late</Redirect>")
    w.sim.press(late.sid, "1")
    w.sim.run_until_idle()

    assert w.app.asked("/got") == []
    assert leg.status == "completed"


def test_without_an_action_the_same_document_is_asked_again():
    w = world()
    w.page("/voice", "<Gather numDigits='1'/>", "<Say>Second time</Say>")
    leg = w.call()
    w.sim.press(leg.sid, "7")
    w.sim.run_until_idle()

    assert w.app.asked("/voice")[1]["Digits"] == "7"
    assert leg.heard_text == "Second time"


def test_the_action_can_be_a_get():
    w, leg = gather("numDigits='1' method='GET'")
    w.sim.press(leg.sid, "7")

    assert w.app.requests[1].method == "GET"
    assert w.app.asked("/got")[0]["Digits"] == "7"


def test_speech_is_sent_when_it_has_been_silent_for_as_long_as_the_time_out():
    w, leg = gather("input='speech' timeout='3'")
    w.sim.advance(1)

    w.sim.speak(leg.sid, "x" * 30, confidence=0.5)
    w.sim.advance(4.9)
    assert w.app.asked("/got") == []
    w.sim.advance(0.2)

    assert pick(w.app.asked("/got")[0], *RESULT) == {"SpeechResult": "x" * 30, "Confidence": "0.5"}


@pytest.mark.parametrize(("timeout", "seconds"), [("auto", 1.0), ("2", 2.0)])
def test_speech_time_out_sets_the_silence_after_speech(timeout, seconds):
    w, leg = gather(f"input='speech' speechTimeout='{timeout}' timeout='9'")

    w.sim.speak(leg.sid, "x" * 15)
    w.sim.advance(1 + seconds - 0.1)
    assert w.app.asked("/got") == []
    w.sim.advance(0.2)

    assert len(w.app.asked("/got")) == 1


def test_sentences_shortly_after_each_other_are_one_result():
    w, leg = gather("input='speech' speechTimeout='2'")

    w.sim.speak(leg.sid, "I would like")
    w.sim.advance(2)
    w.sim.speak(leg.sid, "the sales team")
    w.sim.run_until_idle()

    assert w.app.asked("/got")[0]["SpeechResult"] == "I would like the sales team"


def test_whichever_starts_first_wins():
    w, leg = gather("input='dtmf speech' speechTimeout='1'")
    w.sim.speak(leg.sid, "sales please")
    w.sim.press(leg.sid, "4#")
    w.sim.run_until_idle()

    assert "Digits" not in w.app.asked("/got")[0]
    assert w.app.asked("/got")[0]["SpeechResult"] == "sales please"


def test_speech_is_not_heard_where_only_keys_are_asked_for():
    w, leg = gather("")
    w.sim.speak(leg.sid, "hello")
    w.sim.run_until_idle()

    assert leg.heard_text == "Nothing"


@pytest.mark.parametrize(("barge_in", "cut"), [("true", True), ("false", False)])
def test_speech_interrupts_only_with_barge_in(barge_in, cut):
    w, leg = gather(f"input='speech' bargeIn='{barge_in}' speechTimeout='1'", f"<Say>{'x' * 60}</Say>")
    w.sim.advance(1)
    w.sim.speak(leg.sid, "sales")
    w.sim.run_until_idle()

    assert leg.heard[1].cut is cut
    assert len(w.app.asked("/got")) == (1 if cut else 0)


def test_speech_has_an_end_even_if_nobody_stops_talking():
    w, leg = gather("input='speech' maxSpeechTime='5' speechTimeout='3'")

    w.sim.speak(leg.sid, "x" * 300)
    w.sim.advance(5.1)

    assert len(w.app.asked("/got")) == 1


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ("finishOnKey='##'", 13311),
        ("finishOnKey='A'", 13310),
        ("timeout='soon'", 13313),
        ("numDigits='0'", 13314),
        ("numDigits='many'", 13314),
        ("input='smell'", 13326),
        ("speechTimeout='x'", 13327),
        ("language='xx-XX'", 13331),
        ("bargeIn='perhaps'", 13332),
        (f"hints='{'x' * 101}'", 13330),
        ("speechTimeout='auto' speechModel='default'", 13335),
        ("method='PUT'", 13312),
    ],
)
def test_a_wrong_value_is_a_warning_and_the_default_counts(attributes, code):
    w, leg = gather(attributes)
    w.sim.press(leg.sid, "12#")
    w.sim.run_until_idle()

    assert w.codes() == [code]
    assert leg.status == "completed"


def test_only_say_play_and_pause_may_be_nested():
    w, leg = gather("", "<Record/><Say>Hello</Say>")
    w.sim.run_until_idle()

    assert w.codes() == [13320]
    assert leg.heard_text == "Hello\nNothing"


def test_digits_are_not_played_in_gather():
    """Twilio's page "TwiML Voice: <Play>"."""
    w, leg = gather("", "<Play digits='12'/><Say>Hello</Say>")
    w.sim.run_until_idle()

    assert w.codes() == [13320]
    assert leg.heard_text == "Hello\nNothing"


def test_partial_results_are_not_sent_and_that_is_said():
    w, _ = gather("input='speech' partialResultCallback='/part'")
    w.sim.run_until_idle()

    assert "not executed by this simulator yet" in w.sim.violations[0].text
