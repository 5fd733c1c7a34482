"""Recorders when things go wrong at Twilio, and in flows: never two, never one too long, never a secret digit."""

from typing import Any

import pytest
from django.utils import timezone

from compliance.models import Consent
from compliance.states import Mode
from recordings.actions import recorders
from recordings.models import Mailbox, Recorder, Recording
from recordings.recorder import PauseReason
from tests.scenarios import flows
from tests.scenarios.desk import COMPANY, Desk, Phone
from tests.scenarios.flows import Wanted
from tests.scenarios.people import Company
from tests.scenarios.recorded import ASKED, TOLD, Watch, policy

RECORDINGS = "/Recordings"


def talking(desk: Desk, mode: str = Mode.NONE) -> tuple[Company, Watch, Phone, Any]:
    company, watch = Company(desk), Watch(desk, mode)
    ann = company.agent("Ann")
    _conference, caller, _phone = company.talk(ann)
    return company, watch, caller, ann


# ---- Twilio


@pytest.mark.parametrize("fault", ["429", "500", "timeout", "lost"])
def test_whatever_twilio_makes_of_the_start_there_is_one_recording(desk: Desk, fault: Any) -> None:
    policy(Mode.NONE)
    desk.faults.force(fault, path=RECORDINGS, method="POST", times=1)

    company, watch, caller, _ann = talking(desk)
    desk.wait(60)

    assert watch.runs(caller)
    assert len(watch.tapes()) == 1
    assert Recorder.objects.get().state == "running"
    caller.hangs_up()
    company.goes_home()
    assert Recording.objects.get().speakers == ["customer", "Ann"]


@pytest.mark.parametrize("fault", ["429", "500", "timeout", "lost"])
def test_whatever_twilio_makes_of_a_pause_it_is_paused_in_the_end(desk: Desk, fault: Any) -> None:
    policy(Mode.NONE)
    company, watch, caller, ann = talking(desk)
    desk.wait(5)
    desk.faults.force(fault, path=RECORDINGS, method="POST", times=4)

    with desk.commits():
        recorders.pause(caller.row.pk, PauseReason.AGENT, by=ann.agent.user, at=timezone.now())
    desk.wait(40)

    assert watch.tapes()[0].status == "paused"
    assert Recorder.objects.get().state == "paused"
    caller.hangs_up()
    company.goes_home()


def test_who_may_not_be_recorded_at_twilio_talks_all_the_same(desk: Desk) -> None:
    policy(Mode.NONE)
    twilio = desk.twilio._board.recorder

    def refuse(*_args: Any, **_parts: Any) -> Any:
        from simulator.rest.request import RestError

        raise RestError(400, 21220)

    twilio.start = refuse  # type: ignore[method-assign]
    company, watch, caller, _ann = talking(desk)
    desk.wait(90)

    assert not watch.tapes()
    recorder = Recorder.objects.get()
    assert (recorder.state, "21220" in recorder.failure) == ("failed", True)
    caller.hangs_up()
    company.goes_home()


@pytest.mark.parametrize("what", ["doubles", "drops", "reorders"])
def test_callbacks_of_recordings_may_come_twice_never_or_in_any_order(desk: Desk, what: str) -> None:
    policy(Mode.NONE)
    match what:
        case "doubles":
            desk.faults.duplicate = 1.0
        case "reorders":
            desk.faults.reorder = 1.0
        case "drops":
            desk.lost = lambda request: "/webhooks/recorders/" in request.url
            desk.expected = {11205, 15003}
    company, watch, caller, _ann = talking(desk)
    desk.wait(20)
    caller.hangs_up()
    company.goes_home()
    desk.minutes(6)

    assert len(watch.tapes()) == 1
    assert Recorder.objects.get().state == "stopped"
    recording = Recording.objects.get()
    assert recording.state not in ("announced", "ready")
    assert recording.speakers == ["customer", "Ann"]


def test_a_worker_that_dies_after_the_claim_leaves_a_recorder_that_is_found_again(desk: Desk) -> None:
    policy(Mode.NONE)
    company = Company(desk)
    watch = Watch(desk, Mode.NONE)
    ann = company.agent("Ann")
    caller = company.caller()
    ann.rings().answers()
    with desk.workers_dead():
        desk.wait(1)
    desk.until(lambda: Recorder.objects.exists(), 60, "no recorder is wanted")
    Recorder.objects.update(state="asked", asked_at=timezone.now())  # as a claim whose worker died
    desk.wait(40)

    assert watch.runs(caller)
    assert len(watch.tapes()) == 1
    caller.hangs_up()
    company.goes_home()


# ---- flows


def flow(desk: Desk, company: Company, **steps: Wanted) -> None:
    ending = {
        "Line": flows.queue(company.queue, answered="Bye", timed_out="Bye", alone="Bye", unstaffed="never"),
        "Bye": flows.hang_up("Goodbye."),
    }
    line = company.flow.lines.get()
    line.flow = flows.publish(
        "With consent", {name.replace("_", " "): step for name, step in steps.items()} | ending, at=desk.clock.now()
    )
    line.save()


@pytest.mark.parametrize(("key", "recorded"), [("1", True), ("2", False)])
def test_who_was_asked_in_the_flow_is_not_asked_again(desk: Desk, key: str, recorded: bool) -> None:
    company, watch = Company(desk), Watch(desk, Mode.ASK_ONE)
    policy(Mode.ASK_ONE, queue=company.queue)
    consent = Wanted("consent", exits={"agreed": "Line", "refused": "Line"}, takes={"queue": company.queue})
    flow(desk, company, May_we=consent)
    ann = company.agent("Ann")

    caller = company.caller().hears(ASKED).press(key)
    ann.rings().answers()
    desk.wait(10)

    assert caller.leg.heard_text.count(ASKED) == 1
    assert Consent.objects.count() == 1
    assert watch.runs(caller) == recorded
    assert watch.wrong == []
    caller.hangs_up()
    company.goes_home()


def test_secret_digits_are_pressed_while_nothing_records(desk: Desk) -> None:
    policy(Mode.ANNOUNCE, begins="call")
    company, watch = Company(desk), Watch(desk, Mode.ANNOUNCE)
    flow(
        desk,
        company,
        Told=Wanted("consent", exits={"agreed": "Card", "refused": "Card"}),
        Card=flows.collect(
            "Your card number?", collected="Line", no_input="Line", wrong_input="Line", secret=True, max_length=4
        ),
    )
    ann = company.agent("Ann")
    caller = company.caller().hears(TOLD).hears("Your card number?")

    assert [one.status for one in watch.tapes()] in ([], ["paused"])
    caller.press("4111")
    desk.wait(2)
    ann.rings().answers()
    desk.wait(15)

    assert watch.runs(caller)
    reasons = set(Recorder.objects.get().pauses.values_list("reason", flat=True))
    assert "digits" in reasons
    assert not Recorder.objects.get().pauses.filter(until__isnull=True).exists()
    assert watch.wrong == []
    caller.hangs_up()
    company.goes_home()


def test_a_secret_question_waits_until_the_recorder_is_paused(desk: Desk) -> None:
    policy(Mode.NONE, begins="call")
    company, watch = Company(desk), Watch(desk, Mode.NONE)
    flow(
        desk,
        company,
        Hello=flows.menu("Hello, press 1.", {"On": flows.Choice("Card", "1")}, no_input="Bye", wrong_input="Bye"),
        Card=flows.collect(
            "Your card number?", collected="Line", no_input="Line", wrong_input="Line", secret=True, max_length=4
        ),
    )
    caller = company.caller().hears("Hello, press 1.")
    desk.until(lambda: watch.runs(caller), 20, "nothing is recorded")
    caller.press("1").hears("Your card number?")

    assert watch.tapes()[0].status == "paused"
    caller.press("4111")
    desk.wait(3)
    assert watch.tapes()[0].status in ("in-progress", "paused")
    caller.hangs_up()
    company.goes_home()


@pytest.mark.parametrize(("key", "kept"), [("1", 1), ("2", 0), ("", 0)])
def test_a_voicemail_is_recorded_only_after_a_yes_where_its_policy_asks(desk: Desk, key: str, kept: int) -> None:
    policy(Mode.ASK_ONE, subject="voicemail")
    box = Mailbox.objects.create(name="Front desk")
    steps = {
        "Message": flows.voicemail("Please leave a message.", box, recorded="Thanks", empty="Nothing", silence=4),
        "Thanks": flows.hang_up("We will call you back."),
        "Nothing": flows.hang_up("You left no message."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    caller = desk.dial().hears(ASKED)
    if key == "1":
        caller.press("1").hears_the_beep().says("Hello, my bicycle has a flat tire, please call me.").waits(6).press(
            "#"
        )
        caller.hears("We will call you back.")
    else:
        caller.press(key) if key else caller.waits(20)
        caller.hears("You left no message.")
    caller.is_hung_up_on()

    assert len(desk.twilio.recordings) == kept
    assert Recording.objects.count() == kept
