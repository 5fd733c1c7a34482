"""A caller leaves a message, or none: the mailbox, its notices and the audio."""

import io
import wave
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core import mail

from ivr.models import Step
from recordings.models import Mailbox, MissedCall, Recording, Voicemail
from recordings.states import State
from simulator.simulator import HttpRequest
from tests.recordings.factories import sound_of
from tests.scenarios import flows
from tests.scenarios.desk import COMPANY, Desk

GREETING = "Please leave a message."
LONG = "Hello, this is Carla. My bicycle has a flat tire, can you mend it by Friday? Thank you."
NO_CONNECTION = 11205


def company(desk: Desk, **settings: Any) -> Mailbox:
    mailbox = Mailbox.objects.create(name="Front desk", addressees="front@example.com", tell_missed=True)
    steps = {
        "Message": flows.voicemail(GREETING, mailbox, recorded="Thanks", empty="Nothing", silence=4, **settings),
        "Thanks": flows.hang_up("We will call you back."),
        "Nothing": flows.hang_up("You left no message."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    return mailbox


def is_record_action(request: HttpRequest) -> bool:
    return "/voice/visits/" in request.url and "RecordingSid" in parse_qs(request.body.decode())


def test_a_message_is_taken_fetched_and_told_of(desk: Desk) -> None:
    mailbox = company(desk)
    caller = desk.dial().hears(GREETING).hears_the_beep()

    caller.says(LONG).waits(8).press("#").hears("We will call you back.").is_hung_up_on()

    message = Voicemail.objects.get()
    assert (message.mailbox, message.call, message.status, message.language) == (mailbox, caller.row, "new", "en-US")
    at_twilio = desk.twilio.recordings[0].wav()
    assert sound_of(message.recording) == at_twilio
    with wave.open(io.BytesIO(at_twilio)) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(message.recording.seconds, abs=1)
    assert caller.story[-5:] == [
        "entered Message", "left by recorded", "entered Thanks", "ended completed", "voicemail Front desk"
    ]  # fmt: skip
    (told,) = mail.outbox
    assert (told.to, told.attachments) == (["front@example.com"], [])
    assert "New voicemail in Front desk" in told.subject
    assert str(message.pk) in told.body


def test_silence_ends_a_message(desk: Desk) -> None:
    company(desk)
    caller = desk.dial().hears_the_beep()

    caller.says(LONG).hears("We will call you back.")

    assert Voicemail.objects.count() == 1


def test_the_longest_message_is_cut(desk: Desk) -> None:
    company(desk, max_length=5)
    caller = desk.dial().hears_the_beep()

    caller.says(LONG).hears("We will call you back.", within=10).is_hung_up_on()

    assert Recording.objects.get().seconds in (4, 5)


def test_a_caller_who_says_nothing_leaves_a_missed_call(desk: Desk) -> None:
    mailbox = company(desk)
    caller = desk.dial().hears_the_beep()

    caller.hears("We will call you back.").is_hung_up_on()  # four seconds of silence are a recording, so far

    missed = MissedCall.objects.get()
    assert (missed.mailbox, missed.call) == (mailbox, caller.row)
    assert (Voicemail.objects.count(), Recording.objects.get().state) == (0, State.ABSENT)
    assert caller.story[-1] == "missed Front desk"
    desk.minutes(2)
    assert [told.subject for told in mail.outbox] == ["Missed call at Front desk"]


def test_a_short_message_counts_as_none(desk: Desk) -> None:
    company(desk, min_seconds=3)
    caller = desk.dial().hears_the_beep()

    caller.says("Hi").press("#").hears("You left no message.").is_hung_up_on()

    assert (Voicemail.objects.count(), MissedCall.objects.count()) == (0, 1)
    assert "left by empty" in caller.story


def test_a_short_message_is_kept_where_that_is_wanted(desk: Desk) -> None:
    company(desk, min_seconds=3, keep_empty=True)
    caller = desk.dial().hears_the_beep()

    caller.says("Hi there").waits(1).press("#").hears("You left no message.").is_hung_up_on()

    assert (Voicemail.objects.count(), MissedCall.objects.count()) == (1, 0)


def test_a_caller_who_hangs_up_while_speaking_has_left_a_message(desk: Desk) -> None:
    company(desk)
    caller = desk.dial().hears_the_beep()

    caller.says(LONG).waits(6).hangs_up()

    message = Voicemail.objects.get()
    assert (message.call, message.recording.state) == (caller.row, State.STORED)
    assert (caller.visit.ending, caller.row.status) == ("caller hung up", "completed")
    assert caller.story.count("ended caller hung up") == 1
    assert not MissedCall.objects.exists()


def test_a_caller_who_hangs_up_at_the_beep_has_left_none(desk: Desk) -> None:
    company(desk)
    caller = desk.dial().hears("(beep)")

    caller.hangs_up()

    assert (Voicemail.objects.count(), MissedCall.objects.count()) == (0, 1)


def test_a_caller_who_hangs_up_during_the_greeting_is_missed_and_told_of(desk: Desk) -> None:
    mailbox = company(desk)

    caller = desk.dial().hears(GREETING).hangs_up()

    missed = MissedCall.objects.get()
    assert (missed.mailbox, missed.call) == (mailbox, caller.row)
    assert caller.story[-1] == "ended caller hung up"
    desk.minutes(3)
    assert [told.subject for told in mail.outbox] == ["Missed call at Front desk"]


@pytest.mark.parametrize("hangs_up", [False, True], ids=["the caller waits", "the caller hangs up"])
def test_a_message_whose_action_never_comes_still_reaches_its_mailbox(desk: Desk, hangs_up: bool) -> None:
    mailbox = company(desk)
    desk.lost, desk.expected = is_record_action, {NO_CONNECTION}
    caller = desk.dial().hears_the_beep().says(LONG).waits(6)

    if hangs_up:
        caller.hangs_up()
    else:
        caller.press("#").hears(flows.SORRY).is_hung_up_on()  # Twilio's own fallback

    message = Voicemail.objects.get()
    assert (message.mailbox, message.call, message.recording.state) == (mailbox, caller.row, State.STORED)
    assert caller.story.count("voicemail Front desk") == 1
    assert not MissedCall.objects.exists()


def test_an_action_that_comes_after_the_recordings_callback_changes_nothing(desk: Desk) -> None:
    company(desk)
    kept: list[HttpRequest] = []
    desk.lost, desk.expected = lambda request: is_record_action(request) and not kept.append(request), {NO_CONNECTION}
    caller = desk.dial().hears_the_beep().says(LONG).waits(6).hangs_up()
    assert Voicemail.objects.count() == 1

    desk.lost = lambda _request: False
    late = desk.send(kept[0], 15)

    assert late.status == 200
    assert Voicemail.objects.count() == 1
    assert caller.story.count("voicemail Front desk") == 1
    assert caller.visit.ending == "caller hung up"


def test_a_short_recording_is_no_message_whether_its_action_comes_or_not(desk: Desk) -> None:
    company(desk, min_seconds=5)
    desk.lost, desk.expected = is_record_action, {NO_CONNECTION}

    desk.dial().hears_the_beep().says("Hi there").hangs_up()

    assert not Voicemail.objects.exists()


def test_without_a_mailbox_any_more_the_recording_stays_and_the_history_tells(desk: Desk) -> None:
    mailbox = company(desk)
    caller = desk.dial().hears_the_beep()
    Step.objects.update(mailbox=None)
    Mailbox.objects.filter(pk=mailbox.pk)._raw_delete("default")  # type: ignore[attr-defined]  # past all protection

    caller.says(LONG).waits(6).press("#").hears("We will call you back.").is_hung_up_on()

    assert Recording.objects.get().state == State.STORED
    assert "failed: The mailbox of this step is gone" in caller.story
