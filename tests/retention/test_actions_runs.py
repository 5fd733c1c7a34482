from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from calls.models import Call, CallEvent
from compliance.models import AccessEntry, Hold, RetentionRule
from compliance.states import Kept, Subject
from crm.models import Delivery as EventDelivery
from crm.models import Event
from messaging.models import Message
from recordings.models import Copy, Discard, Recording, Transcript, Voicemail
from retention import tasks
from retention.actions import runs
from retention.models import Run
from retention.states import RunState
from telephony.models import Delivery
from tests.agents.factories import user
from tests.calls.factories import AT
from tests.compliance.keepers import CALLER, OURS, lift, make_hold, make_rule
from tests.recordings.factories import make_copy, make_voicemail
from tests.retention import rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


def only_run() -> Run:
    return Run.objects.get()


def test_a_run_removes_what_is_over_and_leaves_what_is_not(account):
    old, young = rows.recording(60, cleared_at=None), rows.recording(10)
    make_copy(old)
    account.recording(old.sid)
    make_rule(Kept.RECORDING, 30)

    tasks.keep()

    run = only_run()
    assert (run.state, run.planned, run.removed, run.done_at) == (RunState.DONE, 1, 1, AT)
    assert run.words == "All recordings go after 30 days."
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.state, old.deleted_for, old.purged_at) == ("deleted", f"run {run.pk}", AT)
    assert young.state == "stored"
    assert account.deleted == [old.sid]
    assert not default_storage.exists(f"recordings/2026/01/01/{old.pk}.wav")
    assert not Copy.objects.filter(recording=old).exists()


def test_a_run_is_in_the_log_of_access_with_its_number_and_its_rule():
    rows.recording()
    make_rule(Kept.RECORDING, 30)

    tasks.keep()

    entry = AccessEntry.objects.get()
    assert (entry.subject, entry.subject_id) == ("run", str(only_run().pk))
    assert entry.detail == {"kind": "recording", "removed": 1, "held": 0}


@pytest.mark.parametrize("kind", list(Kept))
def test_each_kind_goes_and_nothing_else_with_it(kind, account):
    talk, message = rows.recording(), rows.recording(subject=Subject.VOICEMAIL)
    voicemail = make_voicemail(recording=message)
    call, sent, text, told = rows.call(), rows.delivery(), rows.text(), rows.sent()
    rows.redacted(talk)
    rows.transcript(talk)
    make_rule(kind, 30)

    tasks.keep()

    left = {
        Kept.RECORDING: Recording.objects.get(pk=talk.pk).state != "deleted",
        Kept.VOICEMAIL: Voicemail.objects.filter(pk=voicemail.pk).exists(),
        Kept.REDACTED: Copy.objects.filter(recording=talk, kind="redacted").exists(),
        Kept.TRANSCRIPT: Transcript.objects.filter(recording=talk).exists(),
        Kept.CALL: Call.objects.filter(pk=call.pk).exists(),
        Kept.DELIVERY: Delivery.objects.filter(pk=sent.pk).exists(),
        Kept.EVENT: CallEvent.objects.filter(call=call).exists(),
        Kept.TEXT: Message.objects.filter(pk=text.pk).exists(),
        Kept.TOLD: Event.objects.filter(pk=told.event_id).exists(),
        Kept.SENT: EventDelivery.objects.filter(pk=told.pk).exists(),
    }
    taken_with_it = {Kept.RECORDING: {Kept.REDACTED, Kept.TRANSCRIPT}, Kept.CALL: {Kept.EVENT}}.get(kind, set())
    gone = {name for name, there in left.items() if not there}
    # requests from Twilio, and the log of what was sent, go by the settings where no rule says more
    assert gone == {kind, Kept.DELIVERY, Kept.SENT} | taken_with_it


def test_many_batches_remove_each_item_once(monkeypatch):
    monkeypatch.setitem(runs.BATCHES, Kept.DELIVERY, 3)
    for days in range(40, 50):
        rows.delivery(days)
    make_rule(Kept.DELIVERY, 30)

    tasks.keep()

    assert (only_run().removed, Delivery.objects.count()) == (10, 0)


def test_items_of_the_same_moment_are_not_passed_over(monkeypatch):
    monkeypatch.setitem(runs.BATCHES, Kept.DELIVERY, 2)
    for _ in range(5):
        rows.delivery(40)
    make_rule(Kept.DELIVERY, 30)

    tasks.keep()

    assert (only_run().removed, Delivery.objects.count()) == (5, 0)


def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setitem(runs.BATCHES, Kept.DELIVERY, 2)
    for days in range(40, 45):
        rows.delivery(days)
    make_rule(Kept.DELIVERY, 30)
    (run,) = runs.plan(at=AT)
    claimed = runs.claim(run.pk, at=AT)
    runs.take_batch(claimed, at=AT)

    assert runs.claim(run.pk, at=AT) is None, "its claim lasts"
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + 2 * runs.LEASE)
    tasks.sweep()

    run.refresh_from_db()
    assert (run.state, run.removed) == (RunState.DONE, 5)


def test_who_has_lost_the_claim_removes_nothing_more():
    rows.delivery()
    make_rule(Kept.DELIVERY, 30)
    (run,) = runs.plan(at=AT)
    first = runs.claim(run.pk, at=AT)
    runs.claim(run.pk, at=AT + 2 * runs.LEASE)

    assert runs.take_batch(first, at=AT) == []
    assert (Delivery.objects.count(), first.leased_until) == (1, None)


def test_a_batch_that_fails_is_not_counted(monkeypatch):
    rows.recording()
    make_rule(Kept.RECORDING, 30)
    (run,) = runs.plan(at=AT)
    claimed = runs.claim(run.pk, at=AT)

    def fails(*_args, **_kwargs):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(Transcript.objects, "filter", fails)
        with pytest.raises(RuntimeError):
            runs.take_batch(claimed, at=AT)

    run.refresh_from_db()
    assert (run.removed, Recording.objects.get().state) == (0, "stored")


def test_a_rule_has_one_run_a_day_and_a_changed_one_another():
    rule = make_rule(Kept.RECORDING, 50)
    rows.recording(60)
    tasks.keep()
    rows.recording(60)
    tasks.keep()
    assert Run.objects.count() == 1

    RetentionRule.objects.filter(pk=rule.pk).update(days=40)
    tasks.keep()

    assert [run.removed for run in Run.objects.order_by("pk")] == [1, 1]


def test_where_nothing_is_over_there_is_no_run():
    make_rule(Kept.RECORDING, 90)
    rows.recording(60)

    tasks.keep()

    assert not Run.objects.exists()


def test_what_is_held_stays_and_is_counted_and_goes_once_the_hold_is_lifted(monkeypatch):
    kept = rows.recording(call=rows.call(from_number=CALLER))
    rows.recording(call=rows.call(from_number="+14155550999"))
    hold = make_hold(caller=CALLER)
    make_rule(Kept.RECORDING, 30)

    tasks.keep()
    kept.refresh_from_db()
    assert (kept.state, only_run().removed, only_run().held) == ("stored", 1, 1)
    lift(hold)
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + timedelta(days=1))
    tasks.keep()

    kept.refresh_from_db()
    assert kept.state == "deleted"
    assert Hold.objects.count() == 1


# ---- large first runs


@pytest.fixture
def few(settings):
    settings.RETENTION_FIRST_RUN_LIMIT = 2
    return [rows.recording(days) for days in (60, 61, 62)]


def test_a_large_first_run_waits_until_somebody_types_its_number(few):
    make_rule(Kept.RECORDING, 30)
    tasks.keep()
    run, by = only_run(), user()
    assert (run.state, run.planned, run.removed) == (RunState.WAITING, 3, 0)

    with pytest.raises(runs.OtherNumber) as other:
        runs.approve(run, typed=4, by=by, address=None, at=AT)
    assert other.value.count == 3
    runs.approve(run, typed=3, by=by, address=None, at=AT)
    tasks.sweep()

    run.refresh_from_db()
    assert (run.state, run.removed, run.approved_by) == (RunState.DONE, 3, by)
    assert [entry.detail for entry in AccessEntry.objects.order_by("id")] == [
        {"approved": 3},
        {"kind": "recording", "removed": 3, "held": 0},
    ]


def test_the_number_is_that_of_now_and_not_that_of_the_plan(few):
    make_rule(Kept.RECORDING, 30)
    tasks.keep()
    Recording.objects.filter(pk=few[0].pk).update(state="deleted")

    with pytest.raises(runs.OtherNumber) as other:
        runs.approve(only_run(), typed=3, by=user(), address=None, at=AT)

    assert other.value.count == 2


def test_after_a_run_was_done_the_next_large_one_of_the_same_rule_does_not_wait(few, monkeypatch):
    make_rule(Kept.RECORDING, 30)
    tasks.keep()
    runs.approve(only_run(), typed=3, by=user(), address=None, at=AT)
    tasks.sweep()
    for days in (60, 61, 62):
        rows.recording(days)
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + timedelta(days=1))

    tasks.keep()

    assert [run.state for run in Run.objects.order_by("pk")] == [RunState.DONE, RunState.DONE]


def test_a_rule_that_lost_one_above_it_waits_anew(few, settings):
    shield = make_rule(Kept.RECORDING, None, number=OURS)
    Recording.objects.update(number=OURS)
    rows.recording(60)
    make_rule(Kept.RECORDING, 30)
    tasks.keep()
    assert [run.state for run in Run.objects.all()] == [RunState.DONE]

    shield.delete()
    tasks.keep()

    latest = Run.objects.latest("pk")
    assert (latest.state, latest.planned) == (RunState.WAITING, 3)


@pytest.mark.parametrize("change", ["changed", "deleted", "emptied"])
def test_a_waiting_run_is_void_once_its_rule_is_another(few, change):
    rule = make_rule(Kept.RECORDING, 30)
    tasks.keep()
    match change:
        case "changed":
            RetentionRule.objects.filter(pk=rule.pk).update(days=90)
        case "deleted":
            rule.delete()
        case "emptied":
            RetentionRule.objects.filter(pk=rule.pk).update(days=None)

    with pytest.raises(runs.NotWaiting):
        runs.approve(only_run(), typed=3, by=user(), address=None, at=AT)
    tasks.keep()

    assert only_run().state == RunState.VOID
    assert Recording.objects.kept().count() == 3


def test_a_run_stops_where_its_rule_changes_on_the_way(monkeypatch):
    monkeypatch.setitem(runs.BATCHES, Kept.RECORDING, 1)
    for days in (60, 61):
        rows.recording(days)
    rule = make_rule(Kept.RECORDING, 30)
    (run,) = runs.plan(at=AT)
    claimed = runs.claim(run.pk, at=AT)
    runs.take_batch(claimed, at=AT)

    RetentionRule.objects.filter(pk=rule.pk).update(days=90)
    runs.take_batch(claimed, at=AT)

    run.refresh_from_db()
    assert (run.state, run.removed) == (RunState.VOID, 1)
    assert Recording.objects.kept().count() == 1


def test_requests_of_twilio_wait_for_nobody_where_the_settings_end_them(settings):
    settings.RETENTION_FIRST_RUN_LIMIT = 2
    for _ in range(3):
        rows.delivery()

    tasks.keep()

    assert not Delivery.objects.exists()
    assert only_run().rule is None


def test_files_that_cannot_be_deleted_do_not_stop_a_run(account, monkeypatch):
    old = rows.recording(60, cleared_at=None)
    make_copy(old)
    make_rule(Kept.RECORDING, 30)

    def fails(_name):
        raise OSError("away")

    monkeypatch.setattr(default_storage, "delete", fails)
    tasks.keep()

    assert only_run().state == RunState.DONE
    assert Discard.objects.get().failure
