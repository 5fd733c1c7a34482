"""Dial: who is rung, how it ends, and what its action is told."""

import pytest

from tests.simulator.world import ANN, BOB, CALLER, COMPANY, pick, statuses, world

TOLD = ("DialCallStatus", "DialBridged", "DialCallDuration")


def dial(nouns: str, attributes: str = "", **phones):
    """A call that dials at once; `ann` and `bob` say what their phones do."""
    w = world()
    for address, name in ((ANN, "ann"), (BOB, "bob")):
        if name in phones:
            w.phone(address, phones[name])
    w.page("/over", "<Say>Over</Say>")
    leg = w.call(f"<Dial action='/over' {attributes}>{nouns}</Dial><Say>Never</Say>")
    return w, leg


def test_an_answered_call_is_bridged_and_its_end_is_told():
    w, leg = dial(f"<Number>{ANN}</Number>", ann="answers")
    w.sim.advance(3)
    child = w.sim.legs(ANN)[0]
    assert (leg.bridged, child.bridged) == (child, leg)
    assert leg.doing == f"bridged with {ANN}"

    w.sim.advance(9.5)
    w.sim.hang_up(child.sid)
    w.sim.run_until_idle()

    (fields,) = w.app.asked("/over")
    assert pick(fields, *TOLD, "DialCallSid", "CallStatus") == {
        "DialCallStatus": "completed",
        "DialBridged": "true",
        "DialCallDuration": "10",
        "DialCallSid": child.sid,
        "CallStatus": "in-progress",
    }
    assert leg.heard_text.endswith("Over")


@pytest.mark.parametrize(
    ("habit", "status", "after"),
    [
        ("busy", "busy", 2.5),
        ("declines", "busy", 2.5),
        ("ignores", "no-answer", 35.5),
        ("asks", "no-answer", 35.5),
        ("unreachable", "failed", 0.5),
    ],
)
def test_an_unanswered_call_tells_why(habit, status, after):
    w, _ = dial(f"<Number>{ANN}</Number>", ann=habit)
    w.sim.advance(after - 0.1)
    assert w.app.asked("/over") == []

    w.sim.advance(0.2)

    (fields,) = w.app.asked("/over")
    assert pick(fields, *TOLD) == {"DialCallStatus": status, "DialBridged": "false"}
    assert fields["DialCallSid"] == next(leg for leg in w.sim.legs() if leg.parent).sid


def test_a_number_that_nobody_holds_fails_and_an_unknown_client_does_not_answer():
    w, _ = dial("<Number>+14155550177</Number>")
    v, _ = dial("<Client>nobody</Client>")
    for each in (w, v):
        each.sim.run_until_idle()

    assert w.app.asked("/over")[0]["DialCallStatus"] == "failed"
    assert v.app.asked("/over")[0]["DialCallStatus"] == "no-answer"


def test_the_time_out_rings_five_seconds_longer_than_asked():
    w, _ = dial(f"<Number>{ANN}</Number>", "timeout='10'", ann="asks")
    w.sim.advance(15.4)
    assert w.app.asked("/over") == []

    w.sim.advance(0.2)

    assert len(w.app.asked("/over")) == 1


def test_without_an_action_the_next_verb_runs_whoever_hung_up():
    w = world()
    w.phone(ANN, "answers")
    leg = w.call(f"<Dial>{ANN}</Dial><Say>Next</Say>")
    w.sim.advance(3)
    w.sim.hang_up(w.sim.legs(ANN)[0].sid)
    w.sim.run_until_idle()

    assert leg.heard_text.endswith("Next")


def test_all_ring_together_the_first_answer_wins_and_the_others_are_canceled():
    w, leg = dial(f"<Number>{ANN}</Number><Number>{BOB}</Number>", ann="asks", bob="asks")
    w.sim.advance(1)

    w.sim.answer(w.sim.ringing(BOB))

    assert w.sim.legs(ANN)[0].status == "canceled"
    assert leg.bridged is w.sim.legs(BOB)[0]
    w.sim.hang_up(leg.bridged.sid)
    assert w.app.asked("/over")[0]["DialCallSid"] == w.sim.legs(BOB)[0].sid


def test_one_who_declines_leaves_the_others_ringing():
    w, leg = dial(f"<Number>{ANN}</Number><Number>{BOB}</Number>", ann="declines", bob="asks")
    w.sim.advance(5)
    assert w.app.asked("/over") == []

    w.sim.answer(w.sim.ringing(BOB))

    assert leg.bridged is w.sim.legs(BOB)[0]


def test_in_sequence_the_next_is_rung_when_one_does_not_answer():
    w, leg = dial(
        f"<Number>{ANN}</Number><Number>{BOB}</Number>", "sequential='true' timeout='5'", ann="ignores", bob="answers"
    )
    w.sim.advance(10)
    assert w.sim.legs(BOB) == []
    w.sim.advance(4)

    assert [child.status for child in w.sim.legs() if child.parent] == ["no-answer", "in-progress"]
    assert leg.bridged is w.sim.legs(BOB)[0]


def test_in_sequence_nobody_at_all_ends_with_the_last():
    w, _ = dial(f"<Number>{ANN}</Number><Number>{BOB}</Number>", "sequential='true'", ann="ignores", bob="busy")
    w.sim.run_until_idle()

    assert pick(w.app.asked("/over")[0], *TOLD) == {"DialCallStatus": "busy", "DialBridged": "false"}


def test_the_childs_callbacks_carry_its_own_sid_and_number_their_events():
    w, leg = dial(
        f"<Number statusCallback='/child' statusCallbackEvent='initiated ringing answered completed'>{ANN}</Number>",
        ann="answers",
    )
    w.sim.advance(63)
    w.sim.hang_up(w.sim.legs(ANN)[0].sid)
    w.sim.run_until_idle()

    told = w.app.asked("/child")
    assert statuses(told) == ["initiated", "ringing", "in-progress", "completed"]
    assert [fields["SequenceNumber"] for fields in told] == ["0", "1", "2", "3"]
    assert {fields["ParentCallSid"] for fields in told} == {leg.sid}
    assert {fields["CallSid"] for fields in told} == {w.sim.legs(ANN)[0].sid}
    assert {fields["Direction"] for fields in told} == {"outbound-dial"}
    assert pick(told[-1], "CallDuration", "Duration", "SipResponseCode") == {
        "CallDuration": "60",
        "Duration": "1",
        "SipResponseCode": "200",
    }


@pytest.mark.parametrize(
    ("habit", "final", "code"),
    [
        ("busy", "busy", "486"),
        ("declines", "busy", "603"),
        ("ignores", "no-answer", "487"),
        ("unreachable", "failed", "404"),
    ],
)
def test_only_the_end_is_told_unless_more_is_asked_for(habit, final, code):
    w, _ = dial(f"<Number statusCallback='/child'>{ANN}</Number>", ann=habit)
    w.sim.run_until_idle()

    (fields,) = w.app.asked("/child")
    assert pick(fields, "CallStatus", "SipResponseCode", "CallDuration") == {
        "CallStatus": final,
        "SipResponseCode": code,
        "CallDuration": "0",
    }


def test_a_whisper_runs_on_the_child_before_the_bridge():
    w, leg = dial(f"<Number url='/whisper'>{ANN}</Number>", ann="answers")
    w.page("/whisper", f"<Say>{'w' * 60}</Say>")
    w.sim.advance(5)
    child = w.sim.legs(ANN)[0]
    assert leg.bridged is None

    w.sim.advance(2)

    assert leg.bridged is child
    (fields,) = w.app.asked("/whisper")
    assert pick(fields, "CallSid", "ParentCallSid", "Direction", "CallStatus") == {
        "CallSid": child.sid,
        "ParentCallSid": leg.sid,
        "Direction": "outbound-dial",
        "CallStatus": "in-progress",
    }
    assert "w" * 60 in child.heard_text
    assert "w" * 60 not in leg.heard_text


SCREEN = "<Gather numDigits='1' action='/accept' timeout='3'><Say>Press 1</Say></Gather><Hangup/>"


def test_screening_by_key_connects_only_whoever_presses():
    w, leg = dial(f"<Number url='/screen'>{ANN}</Number>", ann="answers")
    w.page("/screen", SCREEN)
    w.page("/accept", "")
    w.sim.advance(3)

    w.sim.press(w.sim.legs(ANN)[0].sid, "1")

    assert leg.bridged is w.sim.legs(ANN)[0]


def test_a_refused_whisper_says_completed_but_not_bridged():
    w, _ = dial(f"<Number url='/screen'>{ANN}</Number>", ann="answers")
    w.page("/screen", SCREEN)
    w.sim.run_until_idle()

    assert pick(w.app.asked("/over")[0], "DialCallStatus", "DialBridged") == {
        "DialCallStatus": "completed",
        "DialBridged": "false",
    }


def test_in_sequence_a_refused_whisper_goes_on_to_the_next():
    w, leg = dial(
        f"<Number url='/screen'>{ANN}</Number><Number>{BOB}</Number>", "sequential='true'", ann="answers", bob="answers"
    )
    w.page("/screen", SCREEN)
    w.sim.run_until_idle()

    assert leg.bridged is w.sim.legs(BOB)[0]


def test_a_whisper_may_not_dial():
    w, _ = dial(f"<Number url='/screen'>{ANN}</Number>", ann="answers", bob="answers")
    w.page("/screen", f"<Dial>{BOB}</Dial>")
    w.sim.run_until_idle()

    assert w.codes() == [13201]
    assert w.sim.legs(BOB) == []
    assert w.app.asked("/over")[0]["DialBridged"] == "false"


def test_a_caller_who_hangs_up_while_it_rings_cancels_the_children():
    w, leg = dial(f"<Number statusCallback='/child'>{ANN}</Number>", ann="asks")
    w.sim.advance(5)

    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()

    assert statuses(w.app.asked("/child")) == ["canceled"]
    assert pick(w.app.asked("/over")[0], *TOLD, "CallStatus") == {
        "DialCallStatus": "canceled",
        "DialBridged": "false",
        "CallStatus": "completed",
    }
    assert "Over" not in leg.heard_text


def test_who_is_given_up_is_named_and_not_who_had_declined_before():
    """Twilio's page "TwiML Voice: <Dial>": DialCallSid is that of the child leg."""
    w, leg = dial(f"<Number>{ANN}</Number><Number>{BOB}</Number>", ann="busy", bob="asks")
    w.sim.advance(5)

    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()

    assert pick(w.app.asked("/over")[0], "DialCallStatus", "DialCallSid") == {
        "DialCallStatus": "canceled",
        "DialCallSid": w.sim.legs(BOB)[0].sid,
    }


def test_a_caller_who_hangs_up_in_the_bridge_ends_the_other_leg():
    w, leg = dial(f"<Number>{ANN}</Number>", ann="answers")
    w.sim.advance(10)

    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()

    assert w.sim.legs(ANN)[0].status == "completed"
    assert pick(w.app.asked("/over")[0], "DialCallStatus", "DialBridged") == {
        "DialCallStatus": "completed",
        "DialBridged": "true",
    }


def test_the_time_limit_ends_the_bridge_but_does_not_count_as_something_to_come():
    w, leg = dial(f"<Number>{ANN}</Number>", "timeLimit='20'", ann="answers")

    w.sim.run_until_idle()
    assert leg.bridged is not None
    assert w.elapsed() < 5
    w.sim.advance(20)

    assert w.app.asked("/over")[0]["DialCallDuration"] == "20"


@pytest.mark.parametrize(("attribute", "ended"), [("hangupOnStar='true'", True), ("", False)])
def test_the_star_ends_the_other_leg_where_that_is_asked_for(attribute, ended):
    w, leg = dial(f"<Number>{ANN}</Number>", attribute, ann="answers")
    w.sim.advance(5)

    w.sim.press(leg.sid, "1*")
    w.sim.advance(0)

    assert (not w.sim.legs(ANN)[0].live) is ended
    assert bool(w.app.asked("/over")) is ended


@pytest.mark.parametrize(("first", "status"), [("", "ringing"), ("<Say>Hi</Say>", "in-progress")])
def test_answer_on_bridge_keeps_the_caller_ringing_only_as_the_first_verb(first, status):
    w = world()
    w.phone(ANN, "asks")
    leg = w.call(f"{first}<Dial answerOnBridge='true'>{ANN}</Dial>")
    w.sim.advance(2)
    assert leg.status == status

    w.sim.answer(w.sim.ringing(ANN))

    assert leg.status == "in-progress"


def test_with_answer_on_bridge_a_call_that_nobody_took_was_never_answered():
    w = world()
    w.phone(ANN, "busy")
    leg = w.call(f"<Dial answerOnBridge='true'>{ANN}</Dial>")
    w.sim.run_until_idle()

    assert (leg.status, leg.answered) == ("no-answer", None)


@pytest.mark.parametrize(
    ("attribute", "shown"),
    [("", CALLER), (f"callerId='{COMPANY}'", COMPANY), (f"callerId='{CALLER}'", CALLER)],
)
def test_the_called_see_the_caller_or_a_number_of_the_account(attribute, shown):
    w, _ = dial(f"<Number>{ANN}</Number>", attribute, ann="answers")
    w.sim.advance(3)

    assert w.sim.legs(ANN)[0].from_ == shown


def test_a_foreign_caller_id_fails_the_dial():
    w, _ = dial(f"<Number>{ANN}</Number>", "callerId='+14155550166'", ann="answers")
    w.sim.run_until_idle()

    assert w.codes() == [13214]
    assert pick(w.app.asked("/over")[0], *TOLD) == {"DialCallStatus": "failed", "DialBridged": "false"}


def test_a_verified_caller_id_is_fine():
    w = world()
    w.phone(ANN, "answers")
    w.sim.add_caller_id("+14155550166")
    w.call(f"<Dial callerId='+14155550166'>{ANN}</Dial>")
    w.sim.advance(3)

    assert w.sim.legs(ANN)[0].from_ == "+14155550166"


def test_a_client_that_calls_a_number_needs_a_caller_id():
    w = world()
    w.phone(ANN, "answers")
    w.page("/over", "")
    w.call(f"<Dial action='/over'><Number>{ANN}</Number></Dial>", caller="client:ann")
    w.sim.run_until_idle()

    assert w.codes() == [13247]
    assert w.app.asked("/over")[0]["DialCallStatus"] == "failed"


@pytest.mark.parametrize(
    ("noun", "address", "shown"),
    [
        ("<Client>ann</Client>", "client:ann", {}),
        (
            "<Client><Identity>ann</Identity><Parameter name='order' value='7'/></Client>",
            "client:ann",
            {"order": "7"},
        ),
        ("<Sip>sip:ann@example.com;transport=tls?X-Order=7</Sip>", "sip:ann@example.com", {"X-Order": "7"}),
        ("<Sip><Uri priority='2'>sip:no@x</Uri><Uri priority='1'>sip:ann@x</Uri></Sip>", "sip:ann@x", {}),
        ("<Number>(415) 555-0111</Number>", ANN, {}),
    ],
)
def test_clients_and_sip_phones_can_be_rung(noun, address, shown):
    w = world()
    w.phone(address, "answers")
    leg = w.call(f"<Dial callerId='{COMPANY}'>{noun}</Dial>")
    w.sim.advance(3)

    assert leg.bridged.phone == address
    assert leg.bridged.shown == shown


def test_sip_tells_its_response_code():
    w = world()
    w.phone("sip:ann@x", "busy")
    w.page("/over", "")
    w.call("<Dial action='/over'><Sip>sip:ann@x</Sip></Dial>")
    w.sim.run_until_idle()

    assert w.app.asked("/over")[0]["DialSipResponseCode"] == "486"


@pytest.mark.parametrize(
    ("noun", "code"),
    [
        ("<Number>extension 7</Number>", 13223),
        ("<Sip>ann@example.com</Sip>", 13243),
        ("<Queue>support</Queue>", 0),
        (f"<Number>{ANN}</Number><Queue>support</Queue>", 13000),
        ("<Application>AP1</Application>", 0),
        (f"<Number>{ANN}</Number><Conference>room</Conference>", 13000),
    ],
)
def test_what_cannot_be_rung_fails_the_dial_loudly(noun, code):
    w, leg = dial(noun, ann="answers")
    w.sim.run_until_idle()

    assert w.codes() == [code]
    assert w.app.asked("/over")[0]["DialCallStatus"] == "failed"
    assert leg.heard_text.endswith("Over")


def test_digits_are_sent_after_the_answer_and_before_the_bridge():
    w, leg = dial(f"<Number sendDigits='ww12'>{ANN}</Number>", ann="answers")
    w.sim.advance(3)
    assert leg.bridged is None
    w.sim.advance(1)

    assert leg.bridged is not None
    assert "Key tones" in leg.bridged.heard_text


def test_people_in_a_bridge_hear_each_other():
    w, leg = dial(f"<Number>{ANN}</Number>", ann="answers")
    w.sim.advance(3)

    w.sim.speak(leg.sid, "Is this Ann?")
    w.sim.speak(leg.bridged.sid, "It is")

    assert leg.bridged.heard[-1].text == "Is this Ann?"
    assert (leg.heard[-1].kind, leg.heard[-1].text) == ("person", "It is")


@pytest.mark.parametrize(
    ("setting", "channels"),
    [("record-from-answer", 1), ("record-from-answer-dual", 2), ("record-from-ringing-dual", 2), ("true", 1)],
)
def test_a_dial_can_be_recorded_with_both_parties(setting, channels):
    w, leg = dial(
        f"<Number>{ANN}</Number>",
        f"record='{setting}' recordingStatusCallback='/rec' recordingStatusCallbackEvent='in-progress completed'",
        ann="answers",
    )
    w.sim.advance(3)
    w.sim.speak(leg.sid, "Hello")
    w.sim.advance(4)
    w.sim.hang_up(leg.bridged.sid)
    w.sim.run_until_idle()

    (recording,) = w.sim.recordings
    fields = w.app.asked("/over")[0]
    assert fields["RecordingSid"] == recording.sid
    assert fields["RecordingUrl"].endswith(f"/Recordings/{recording.sid}")
    told = w.app.asked("/rec")
    assert [entry["RecordingStatus"] for entry in told] == ["in-progress", "completed"]
    assert pick(told[1], "CallSid", "RecordingChannels", "RecordingSource") == {
        "CallSid": leg.sid,
        "RecordingChannels": str(channels),
        "RecordingSource": "DialVerb",
    }
    assert len(recording.tracks) == channels


def test_dialling_one_of_our_own_numbers_starts_its_document_on_a_second_leg():
    w = world()
    w.sim.add_number("+14155550101", voice_url="https://app.example.com/second")
    w.page("/second", "<Gather numDigits='1' action='/pressed'><Say>Second company</Say></Gather>")
    w.page("/pressed", "<Say>Thank you</Say><Record action='/rec' playBeep='false'/>")
    w.page("/rec", "")
    leg = w.call("<Dial>+14155550101</Dial>")
    w.sim.advance(2)
    w.sim.press(leg.sid, "4")
    w.sim.advance(2)
    w.sim.speak(leg.sid, "This is recorded there")
    w.sim.run_until_idle()

    assert "Second company" in leg.heard_text
    assert w.app.asked("/second")[0]["Direction"] == "inbound"
    assert w.app.asked("/second")[0]["From"] == CALLER
    assert w.app.asked("/pressed")[0]["Digits"] == "4"
    assert w.sim.recordings[0].status == "completed"
    assert [each.direction for each in w.sim.legs()] == ["inbound", "outbound-dial", "inbound"]


@pytest.mark.parametrize(("verbs", "told"), [("<Reject reason='busy'/>", "busy"), ("<Reject/>", "no-answer")])
def test_one_of_our_own_numbers_may_refuse(verbs, told):
    w = world()
    w.sim.add_number("+14155550101", voice_url="https://app.example.com/second")
    w.page("/second", verbs)
    w.page("/over", "")
    w.call("<Dial action='/over'>+14155550101</Dial>")
    w.sim.run_until_idle()

    assert w.app.asked("/over")[0]["DialCallStatus"] == told


def test_one_of_our_own_numbers_without_a_document_fails():
    w = world()
    w.sim.add_number("+14155550101")
    w.page("/over", "")
    w.call("<Dial action='/over'>+14155550101</Dial>")
    w.sim.run_until_idle()

    assert w.app.asked("/over")[0]["DialCallStatus"] == "failed"
