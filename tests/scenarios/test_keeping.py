"""How long, and the end: rules, holds and erasures over whole calls, with Twilio and workers at their worst."""

import json
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

import recordings.tasks
import retention.tasks
from agents import roles
from calls.models import Call, CallEvent
from compliance.models import AccessEntry, RetentionRule
from compliance.states import Kept
from ivr.models import Visit
from recordings.models import Mailbox, Recording, Voicemail
from recordings.states import State
from retention.actions import erasures
from retention.models import Erasure, Run
from retention.states import ErasureState, ItemState, RunState
from retention.things import Thing
from telephony.models import Delivery
from tests.agents.factories import user
from tests.compliance.keepers import delete_by_sql, lift, make_hold, make_rule
from tests.scenarios import flows, knife
from tests.scenarios.desk import CALLER, COMPANY, Desk, committing

GREETING = "Please leave a message."
OTHER = "+14155550199"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "tests.scenarios.knife.Storage",
            "OPTIONS": {"location": tmp_path / "media", "allow_overwrite": True},
        }
    }


@pytest.fixture
def company(desk: Desk) -> Desk:
    mailbox = Mailbox.objects.create(name="Front desk")
    steps = {
        "Message": flows.voicemail(GREETING, mailbox, recorded="Thanks", empty="Nothing", silence=4),
        "Thanks": flows.hang_up("We will call you back."),
        "Nothing": flows.hang_up("You left no message."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    return desk


def leaves_a_message(desk: Desk, number: str = CALLER) -> Recording:
    caller = desk.dial(caller=number).hears(GREETING).hears_the_beep()
    caller.says("My bicycle has a flat tire.").waits(5).press("#").is_hung_up_on()
    recording = Recording.objects.get(call=caller.row)
    assert recording.state == State.STORED
    return recording


def passes(desk: Desk, time: timedelta) -> None:
    """Let time pass, and then what beat does in an hour."""
    desk.wait(time.total_seconds())
    with committing():
        retention.tasks.keep()
    beats(desk)


def beats(desk: Desk, times: int = 1) -> None:
    for _ in range(times):
        with committing():
            retention.tasks.sweep()
            recordings.tasks.purge()
        desk.wait(60)


def at_twilio(desk: Desk) -> set[str]:
    """Name the calls and recordings that Twilio has, but for what it only remembers of deleted ones."""
    tapes = {tape.sid for tape in desk.twilio.recordings if tape.status != "deleted"}
    return tapes | set(desk.twilio._board.legs)


def is_gone(desk: Desk, recording: Recording) -> bool:
    recording.refresh_from_db()
    files = any(default_storage.exists(f"recordings/{recording.announced_at:%Y/%m/%d}/{recording.pk}{ending}")
                for ending in (".wav", ".redacted.wav"))  # fmt: skip
    return (
        recording.state == State.DELETED
        and recording.purged_at is not None
        and not files
        and recording.sid not in at_twilio(desk)
    )


def asked(desk: Desk, number: str = CALLER) -> Erasure:
    """Ask for an erasure, look at what was found, and confirm it."""
    with committing():
        erasure = erasures.ask(number, reason="File 12", by=user(), address=None, at=timezone.now())
        retention.tasks.sweep()
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.FOUND
    erasures.confirm(erasure, typed=number, by=user(), address=None, at=timezone.now())
    return erasure


def ends(desk: Desk, erasure: Erasure, within: timedelta = timedelta(hours=3)) -> Erasure:
    until = timezone.now() + within
    while erasure.state != ErasureState.DONE and timezone.now() < until:
        beats(desk)
        desk.wait(240)
        erasure.refresh_from_db()
    return erasure


# ---- rules


def test_a_message_goes_after_its_days_with_its_sound_here_and_at_twilio(company: Desk) -> None:
    old = leaves_a_message(company)
    make_rule(Kept.VOICEMAIL, 30)

    passes(company, 29 * DAY)
    assert Voicemail.objects.exists()
    young = leaves_a_message(company, OTHER)
    passes(company, 2 * DAY)

    assert is_gone(company, old)
    young.refresh_from_db()
    assert young.state == State.STORED
    assert Voicemail.objects.get().recording == young
    assert Call.objects.filter(pk=old.call_id).exists(), "the call has a rule of its own"
    assert Run.objects.get(kind=Kept.VOICEMAIL).removed == 1


def test_a_changed_rule_counts_for_what_exists(company: Desk) -> None:
    recording = leaves_a_message(company)
    rule = make_rule(Kept.VOICEMAIL, 365)

    passes(company, 30 * DAY)
    assert Voicemail.objects.exists()
    RetentionRule.objects.filter(pk=rule.pk).update(days=7)
    passes(company, timedelta(hours=1))

    assert is_gone(company, recording)


def test_a_call_stays_as_long_as_its_message_and_then_goes_with_all_that_hangs_on_it(company: Desk) -> None:
    recording = leaves_a_message(company)
    make_rule(Kept.CALL, 10)

    passes(company, 20 * DAY)
    assert Call.objects.filter(pk=recording.call_id).exists()
    make_rule(Kept.VOICEMAIL, 10)
    passes(company, DAY)
    passes(company, DAY)

    assert not Call.objects.exists()
    assert not any(model.objects.exists() for model in (CallEvent, Visit, Recording, Voicemail))


def test_what_goes_is_in_the_runs_and_in_the_log_of_access(company: Desk) -> None:
    leaves_a_message(company)
    make_rule(Kept.VOICEMAIL, 7)

    passes(company, 8 * DAY)

    run = Run.objects.get()
    assert (run.state, run.words) == (RunState.DONE, "All voicemails go after 7 days.")
    assert AccessEntry.objects.get(subject="run").detail == {"kind": "voicemail", "removed": 1, "held": 0}


@pytest.mark.parametrize("fault", ["429", "500", "timeout", "lost"])
def test_what_twilio_does_not_do_at_once_is_asked_for_until_it_is_done(company: Desk, fault: Any) -> None:
    recording = leaves_a_message(company)
    make_rule(Kept.VOICEMAIL, 7)
    company.faults.force(fault, path=f"/Recordings/{recording.sid}", method="DELETE", times=6)

    passes(company, 8 * DAY)
    if fault != "lost":
        assert recording.sid in at_twilio(company)
    for _ in range(6):
        beats(company, 10)

    assert is_gone(company, recording)


def test_what_somebody_has_deleted_at_twilio_by_hand_is_no_trouble(company: Desk) -> None:
    recording = leaves_a_message(company)
    make_rule(Kept.VOICEMAIL, 7)
    tape = next(tape for tape in company.twilio.recordings if tape.sid == recording.sid)
    company.twilio._board.recorder.delete(tape)

    passes(company, 8 * DAY)

    assert is_gone(company, recording)


# ---- holds


def test_a_hold_stands_against_rules_persons_erasures_and_the_database_itself(company: Desk, client: Any) -> None:
    recording = leaves_a_message(company)
    call = recording.call_id
    make_rule(Kept.VOICEMAIL, 7)
    make_rule(Kept.EVENT, 7)
    make_rule(Kept.DELIVERY, 7)
    hold = make_hold(caller=CALLER, name="Court 7")
    told = CallEvent.objects.filter(call=call).count(), Delivery.objects.count()

    passes(company, 30 * DAY)
    client.force_login(user(roles.COMPLIANCE_OFFICER))
    page = client.post(reverse("recording-delete", args=[recording.pk]), {"reason": "by hand"}, follow=True)
    erasure = asked(company)
    beats(company, 3)
    for table, key in (("recordings_recording", recording.pk), ("calls_call", call)):
        with pytest.raises(IntegrityError, match="Court 7"), transaction.atomic():
            delete_by_sql(table, key)

    assert "Court 7" in page.content.decode()
    recording.refresh_from_db()
    assert recording.state == State.STORED
    assert Voicemail.objects.get().recording == recording
    assert (CallEvent.objects.filter(call=call).count(), Delivery.objects.count()) == told
    assert recording.sid in at_twilio(company)
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.WORKING
    assert "Court 7" in erasure.items.get(kind=Thing.CALL).why

    lift(hold)
    assert ends(company, erasure).state == ErasureState.DONE
    assert at_twilio(company) == set()


def test_what_comes_under_a_hold_later_is_held_too(company: Desk) -> None:
    make_rule(Kept.VOICEMAIL, 7)
    make_hold(caller=CALLER)

    held, free = leaves_a_message(company), leaves_a_message(company, OTHER)
    passes(company, 8 * DAY)

    held.refresh_from_db()
    assert held.state == State.STORED
    assert is_gone(company, free)


# ---- erasures


def test_a_caller_is_erased_and_the_paper_says_what_remains(company: Desk) -> None:
    recording, other = leaves_a_message(company), leaves_a_message(company, OTHER)

    erasure = ends(company, asked(company))

    assert erasure.state == ErasureState.DONE
    assert at_twilio(company) == {other.sid, other.call.sid}
    assert list(Call.objects.all()) == [other.call]
    paper = json.dumps(erasure.certificate)
    assert recording.sid not in paper
    assert CALLER not in paper
    assert "40 days" in paper
    assert set(erasure.items.values_list("state", flat=True)) == {ItemState.CHECKED}


def test_what_twilio_holds_on_to_for_days_goes_in_the_end_and_the_paper_comes_then(company: Desk) -> None:
    recording = leaves_a_message(company)
    company.faults.rest_held, company.faults.held_seconds = 1.0, 5 * DAY.total_seconds()

    erasure = asked(company)
    beats(company, 3)
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.WORKING
    refused = erasure.items.get(kind=Thing.TWILIO_CALL)
    assert (refused.state, "20009" in refused.why) == (ItemState.REFUSED, True)
    assert not Call.objects.exists(), "what lies here does not wait for Twilio"
    for _ in range(14):
        company.wait(12 * 3600)
        beats(company, 2)

    erasure.refresh_from_db()
    assert erasure.state == ErasureState.DONE
    assert at_twilio(company) == set()
    assert recording.sid not in at_twilio(company)
    assert [thing["kept"] for thing in erasure.certificate["things"]] == [[]] * len(erasure.certificate["things"])


def test_who_calls_while_being_erased_is_found_before_the_paper_is_written(company: Desk) -> None:
    leaves_a_message(company)
    erasure = asked(company)
    with committing():
        retention.tasks.sweep()
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.CHECKING

    late = leaves_a_message(company)
    ends(company, erasure)

    assert erasure.state == ErasureState.DONE
    assert not Recording.objects.filter(pk=late.pk).exists()
    assert at_twilio(company) == set()


# ---- killed at every moment


def test_a_run_is_carried_out_whenever_its_worker_is_killed(company: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    make_rule(Kept.VOICEMAIL, 7)
    removed: list[int] = []

    for at in count(step=3):
        recording = leaves_a_message(company)
        company.wait((8 * DAY).total_seconds())
        with knife.drawn(at, monkeypatch) as drawn, suppress(knife.Killed), committing():
            retention.tasks.keep()
        beats(company, 10)
        passes(company, DAY)

        last = drawn.moments[-1] if drawn.moments else "nothing"
        assert is_gone(company, recording), f"after being killed {last}"
        assert not Run.objects.open().exists(), f"after being killed {last}"
        removed.append(sum(Run.objects.filter(kind=Kept.VOICEMAIL).values_list("removed", flat=True)))
        assert removed[-1] == len(removed), f"after being killed {last}"
        if not drawn.killed:
            break

    assert len(removed) > 8


def test_an_erasure_goes_to_its_end_whenever_its_worker_is_killed(
    company: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in count(step=7):
        leaves_a_message(company)
        erasure = asked(company)
        with knife.drawn(at, monkeypatch) as drawn, suppress(knife.Killed), committing():
            retention.tasks.sweep()
        ends(company, erasure)

        last = drawn.moments[-1] if drawn.moments else "nothing"
        assert erasure.state == ErasureState.DONE, f"after being killed {last}"
        assert at_twilio(company) == set(), f"after being killed {last}"
        assert not Call.objects.exists()
        assert not Recording.objects.exclude(purged_at__isnull=False).exists()
        assert set(erasure.items.values_list("state", flat=True)) == {ItemState.CHECKED}
        if not drawn.killed:
            break

    assert at > 60
