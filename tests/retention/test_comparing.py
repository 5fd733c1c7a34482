"""Our rows, our storage and Twilio are compared: what has no other side is shown, and nothing is deleted by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from compliance.holds import Held
from compliance.models import AccessEntry
from messaging import files
from messaging.actions import keeping
from messaging.models import Media, Thread
from recordings.models import Discard, Recording
from recordings.tasks import purge
from retention import comparing, tasks
from retention.actions import findings
from retention.models import Comparison, Finding
from retention.states import FindingState, Orphan
from tests.agents.factories import user
from tests.calls.factories import AT, make_call
from tests.compliance.keepers import make_hold
from tests.messaging.factories import make_media, make_received
from tests.recordings.factories import make_stored
from tests.retention.account import BROKEN, Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "account")]

DAY = timedelta(days=1)
NOW = AT + 3 * DAY


@pytest.fixture
def clock(clock: Callable[[timedelta], datetime], settings, tmp_path) -> Callable[[timedelta], datetime]:
    settings.DATA_DIR = tmp_path
    clock(NOW - clock(timedelta(0)))
    return clock


@pytest.fixture(autouse=True)
def storage(settings, tmp_path) -> None:
    """Give each test a storage of its own."""
    folder = settings.STORAGES["default"]
    settings.STORAGES = settings.STORAGES | {
        "default": folder | {"OPTIONS": folder["OPTIONS"] | {"location": tmp_path / "media"}}
    }


def found() -> dict[str, str]:
    return dict(Finding.objects.filter(state=FindingState.OPEN).values_list("kind", "name"))


def stored(account: Account, **fields) -> Recording:
    recording = make_stored(b"sound", **fields)
    account.recording(recording.sid, call_sid=recording.call.sid if recording.call else "")
    return recording


def test_where_each_has_its_other_side_nothing_is_found(account):
    stored(account)
    cleared = stored(account, cleared_at=AT, state="cleared")
    del account.kept["Recordings"][cleared.sid]

    tasks.begin_comparison()

    comparison = Comparison.objects.get()
    assert found() == {}
    assert (comparison.done_at, comparison.files, comparison.copies, comparison.recordings) == (NOW, 2, 2, 1)


def test_each_side_that_is_missing_is_found(account):
    default_storage.save("recordings/2026/03/01/lost.wav", ContentFile(b"sound"))
    lost = stored(account)
    default_storage.delete(f"recordings/2026/03/02/{lost.pk}.wav")
    account.recording("RE1", made_at=AT, call_sid="CA1")
    still = stored(account, cleared_at=AT, state="cleared")

    tasks.begin_comparison()

    assert found() == {
        Orphan.FILE: "recordings/2026/03/01/lost.wav",
        Orphan.ROW: f"recordings/2026/03/02/{lost.pk}.wav",
        Orphan.AT_TWILIO: "RE1",
        Orphan.STILL_AT_TWILIO: still.sid,
    }
    assert Finding.objects.get(kind=Orphan.AT_TWILIO).call_sid == "CA1"
    assert Recording.objects.kept().count() == 2
    assert account.deleted == []


def texted() -> Media:
    media = make_media(make_received(Thread.objects.first()), leased_until=AT)
    assert keeping.note_stored(media, files.store(media, b"a picture"), content_type="image/png", at=AT)
    media.refresh_from_db()
    return media


def test_what_was_texted_is_compared_as_well():
    texted()
    default_storage.save("texts/2026/02/10/lost", ContentFile(b"a picture"))
    lost = texted()
    default_storage.delete(lost.name)
    begun = make_media(make_received(Thread.objects.get()))
    default_storage.save(files.path_of(begun.pk, begun.announced_at), ContentFile(b"half"))
    going = texted()
    keeping.delete_messages([going.message_id], at=AT)

    tasks.begin_comparison()

    comparison = Comparison.objects.get()
    assert found() == {Orphan.FILE: "texts/2026/02/10/lost", Orphan.ROW: lost.name}
    assert Finding.objects.get(kind=Orphan.ROW).media == lost
    assert (comparison.files, comparison.copies) == (4, 3)


def test_what_is_young_or_on_its_way_is_no_orphan(account):
    default_storage.save("recordings/2026/03/04/new.wav", ContentFile(b"sound"))
    account.recording("RE1", made_at=NOW - timedelta(hours=2))
    going = stored(account)
    on_its_way = stored(account, state="verified")
    default_storage.delete(f"recordings/2026/03/02/{on_its_way.pk}.wav")
    Discard.objects.create(name=f"recordings/2026/03/02/{going.pk}.wav", at=AT)
    going.copies.all().delete()

    tasks.begin_comparison()

    assert found() == {}


def test_it_is_made_once_a_week_and_one_at_a_time(account, clock):
    tasks.begin_comparison()
    tasks.begin_comparison()
    assert Comparison.objects.count() == 1

    clock(7 * DAY)
    tasks.begin_comparison()

    assert Comparison.objects.count() == 2


def test_what_is_not_found_any_more_is_settled_and_comes_back_if_it_does(account, clock):
    account.recording("RE1")
    tasks.begin_comparison()
    gone = account.kept["Recordings"].pop("RE1")

    clock(7 * DAY)
    tasks.begin_comparison()
    assert Finding.objects.get().state == FindingState.SETTLED
    account.kept["Recordings"]["RE1"] = gone
    clock(7 * DAY)
    tasks.begin_comparison()

    finding = Finding.objects.get()
    assert (finding.state, finding.settled_at) == (FindingState.OPEN, None)


def test_what_somebody_knows_to_be_right_stays_known(account, clock):
    account.recording("RE1")
    tasks.begin_comparison()

    findings.mark_known(Finding.objects.get(), note="of another application", by=user())
    clock(7 * DAY)
    tasks.begin_comparison()

    assert Finding.objects.get().state == FindingState.KNOWN


def test_while_twilio_cannot_be_asked_it_says_so_and_goes_on_later(account, clock):
    account.recording("RE1")
    answer, account.rest = account.rest, lambda *_: BROKEN

    tasks.begin_comparison()
    assert "Twilio" in Comparison.objects.get().trouble
    account.rest = answer
    tasks.sweep()
    assert found() == {}
    clock(findings.PAUSE)
    tasks.sweep()

    assert found() == {Orphan.AT_TWILIO: "RE1"}
    assert Comparison.objects.get().trouble == ""


def test_while_the_storage_cannot_be_asked_it_says_so_and_goes_on_later(settings, account, clock):
    stored(account)
    kept = settings.STORAGES
    settings.STORAGES = kept | {"default": kept["default"] | {"BACKEND": "tests.retention.storages.Away"}}

    tasks.begin_comparison()
    comparison = Comparison.objects.get()
    assert "The storage could not be asked" in comparison.trouble
    settings.STORAGES = kept
    clock(timedelta(minutes=20))
    tasks.sweep()

    comparison.refresh_from_db()
    assert (comparison.done_at is not None, found()) == (True, {})


def test_what_was_stored_since_the_storage_was_asked_is_no_orphan(settings, account):
    stored(account)
    kept = settings.STORAGES
    settings.STORAGES = kept | {"default": kept["default"] | {"BACKEND": "tests.retention.storages.Behind"}}

    tasks.begin_comparison()

    assert found() == {}


def test_a_comparison_goes_on_where_a_killed_worker_stopped(account, clock, monkeypatch):
    for days in range(3):
        default_storage.save(f"recordings/2026/02/{days + 10}/lost.wav", ContentFile(b"sound"))
    monkeypatch.setattr(tasks, "WORKED_FOR", 0.0)
    looked = []
    real = comparing._compare_storage
    monkeypatch.setattr(comparing, "_compare_storage", lambda row, day: (looked.append(day), real(row, day)))
    comparison = findings.begin(at=NOW)
    claimed = findings.claim(comparison.pk, at=NOW)
    comparing.work(claimed, seconds=0)
    assert len(looked) == 1

    tasks.sweep()

    assert [day.day for day in looked] == [10, 11, 12]
    assert Comparison.objects.get().done_at is not None
    assert Finding.objects.count() == 3


def test_who_has_lost_the_claim_writes_nothing_more(account, clock):
    default_storage.save("recordings/2026/02/10/lost.wav", ContentFile(b"sound"))
    comparison = findings.begin(at=NOW)
    first = findings.claim(comparison.pk, at=NOW)
    findings.claim(comparison.pk, at=clock(findings.LEASE))

    comparing.work(first, seconds=10)

    comparison.refresh_from_db()
    assert (comparison.files, comparison.done_at) == (0, None)


# ---- what people do about findings


def the_only(kind: Orphan) -> Finding:
    tasks.begin_comparison()
    return Finding.objects.get(kind=kind)


def test_a_file_without_a_row_is_deleted_by_the_worker_that_deletes_all_others(account):
    name = "recordings/2026/03/01/lost.wav"
    default_storage.save(name, ContentFile(b"sound"))
    finding, by = the_only(Orphan.FILE), user()

    findings.delete(finding, by=by, address=None, at=NOW)
    purge()

    assert not default_storage.exists(name)
    assert Finding.objects.get().state == FindingState.SETTLED
    entry = AccessEntry.objects.get()
    assert (entry.subject, entry.detail, entry.user) == ("finding", {"name": name}, by)
    with pytest.raises(findings.NotPossible):
        findings.delete(finding, by=by, address=None, at=NOW)


def test_a_row_without_a_file_is_fetched_again_while_twilio_has_it(account):
    recording = stored(account)
    default_storage.delete(f"recordings/2026/03/02/{recording.pk}.wav")

    findings.fetch_again(the_only(Orphan.ROW), by=user(), at=NOW)

    recording.refresh_from_db()
    assert (recording.state, recording.stage, recording.retry_at) == ("ready", "fetch", NOW)


def test_what_was_texted_and_is_lost_is_fetched_again(account):
    media = texted()
    default_storage.delete(media.name)

    findings.fetch_again(the_only(Orphan.ROW), by=user(), at=NOW)

    media.refresh_from_db()
    assert (media.state, media.is_here) == ("announced", False)
    assert media in Media.objects.due(at=NOW)
    assert Finding.objects.get().state == FindingState.SETTLED


def test_what_was_texted_and_is_lost_for_good_is_said_to_be_so(account, clock):
    media = texted()
    default_storage.delete(media.name)
    finding = the_only(Orphan.ROW)

    findings.delete(finding, by=user(), address=None, at=NOW)
    clock(7 * DAY)
    tasks.begin_comparison()

    media.refresh_from_db()
    assert (media.state, media.failure) == ("absent", "Its file is lost.")
    assert found() == {}


def test_a_row_without_a_file_that_twilio_has_not_either_can_only_be_deleted(account):
    recording = stored(account, cleared_at=AT, state="cleared")
    del account.kept["Recordings"][recording.sid]
    default_storage.delete(f"recordings/2026/03/02/{recording.pk}.wav")
    finding = the_only(Orphan.ROW)

    with pytest.raises(findings.NotPossible):
        findings.fetch_again(finding, by=user(), at=NOW)
    findings.delete(finding, by=user(), address=None, at=NOW)

    recording.refresh_from_db()
    assert recording.state == "deleted"


def test_what_twilio_alone_has_is_deleted_there(account):
    account.recording("RE1")

    findings.delete(the_only(Orphan.AT_TWILIO), by=user(), address=None, at=NOW)
    purge()

    assert account.sids == set()
    assert Recording.objects.get(sid="RE1").purged_at == NOW


def test_what_twilio_alone_has_of_a_held_call_stays(account):
    call = make_call(status="completed")
    account.recording("RE1", call_sid=call.sid)
    finding = the_only(Orphan.AT_TWILIO)
    make_hold(call=call)

    with pytest.raises(Held):
        findings.delete(finding, by=user(), address=None, at=NOW)

    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN
    assert not Recording.objects.exists()


def test_what_twilio_alone_has_is_taken_in(account):
    account.recording("RE1", call_sid="CA1")

    answer = account.rest
    account.rest = lambda *asked: BROKEN if asked[1].endswith(".wav") else answer(*asked)
    tasks.adopt(the_only(Orphan.AT_TWILIO).pk, user().pk)

    assert Recording.objects.get(sid="RE1").state != "deleted"
    assert Finding.objects.get().state == FindingState.SETTLED


def test_what_twilio_should_not_have_any_more_is_deleted_there_again(account):
    recording = stored(account, cleared_at=AT, state="cleared")
    finding = the_only(Orphan.STILL_AT_TWILIO)

    findings.delete(finding, by=user(), address=None, at=NOW)
    tasks.clear_again(finding.pk)

    assert account.deleted == [recording.sid]
    recording.refresh_from_db()
    assert recording.state == "cleared"
