"""A recording goes through its states, whatever happens to Twilio, to the storage, or to whoever works on it."""

import resource
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

import recordings.tasks
from recordings import actions, fetching, spool
from recordings.models import Recording
from recordings.states import State
from simulator.legs import Callback
from simulator.recordings import Recording as AtTwilio
from simulator.recordings import RecordingStatus
from simulator.simulator import HttpRequest
from telephony import callbacks
from tests.recordings.factories import sound_of
from tests.scenarios import knife
from tests.scenarios.desk import Desk, committing

LATER = timedelta(minutes=3)
SLICES = 6


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "tests.scenarios.knife.Storage",
            "OPTIONS": {"location": tmp_path / "media", "allow_overwrite": True},
        }
    }
    settings.RECORDINGS_CLEAR = True


def made(desk: Desk, seconds: float = 6, channels: int = 2) -> AtTwilio:
    """Let there be a recording at Twilio, of which nothing was told yet."""
    desk.twilio.plant(seconds=seconds, channels=channels)
    recording = desk.twilio.recordings[-1]
    events = frozenset({"in-progress", "completed"})
    recording.wish = replace(recording.wish, callback=Callback(callbacks.news("recording"), events=events))
    return recording


def tell(desk: Desk, recording: AtTwilio, status: RecordingStatus = "completed") -> None:
    recording.status = status
    desk.twilio._board.recorder.announce(recording)
    desk.wait(1)


def announced(desk: Desk, seconds: float = 6, channels: int = 2) -> tuple[Recording, bytes]:
    """Let Twilio tell of a recording; return it with its sound."""
    recording = made(desk, seconds, channels)
    sound = recording.wav()
    tell(desk, recording)
    return Recording.objects.get(sid=recording.sid), sound


def sweep(desk: Desk, times: int = 2) -> None:
    for _ in range(times):
        desk.wait(LATER.total_seconds())
        with committing():
            recordings.tasks.sweep()


def statuses(recording: Recording) -> list[str]:
    assert recording.call is not None
    return [str(event.data["status"]) for event in recording.call.events.filter(kind="recording").order_by("pk")]


def is_at_twilio(desk: Desk, recording: Recording) -> bool:
    return any(each.sid == recording.sid and each.status == "completed" for each in desk.twilio.recordings)


def is_home(desk: Desk, recording: Recording, sound: bytes) -> bool:
    recording.refresh_from_db()
    return (
        (recording.state, recording.stage, recording.failure) == (State.CLEARED, "", "")
        and (recording.leased_until, recording.retry_at, recording.attempts) == (None, None, 0)
        and sound_of(recording) == sound
        and not is_at_twilio(desk, recording)
    )


def test_all_goes_well(desk: Desk) -> None:
    recording, sound = announced(desk)

    assert is_home(desk, recording, sound)
    assert recording.channels == 2
    assert statuses(recording) == ["ready", "stored", "cleared"]
    assert list(spool.folder().iterdir()) == []
    assert [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()] == [
        Path(default_storage.path(recording.copies.get().name))
    ]


def test_there_are_many_moments_at_which_a_worker_may_be_killed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with knife.drawn(10_000, monkeypatch) as drawn:
        recording, sound = announced(desk, seconds=1)

    assert is_home(desk, recording, sound)
    requests = {f"{when} {method}" for when in ("before", "after") for method in ("GET", "DELETE")}
    assert requests | {"before saving", "after saving", "before the disk has it"} <= set(drawn.moments)
    assert len(drawn.moments) > 50


@pytest.mark.parametrize("first", range(SLICES))  # which can be run side by side
def test_a_worker_is_killed_at_any_moment_and_another_one_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    for at in count(first, SLICES):
        before = transaction.savepoint()
        with desk.workers_dead():
            recording, sound = announced(desk, seconds=1)

        with knife.drawn(at, monkeypatch) as drawn, suppress(knife.Killed):
            recordings.tasks.work(str(recording.pk))
        if drawn.killed:
            sweep(desk)

        assert is_home(desk, recording, sound), f"after being killed {drawn.moments[-1]}"
        assert statuses(recording) == ["ready", "stored", "cleared"], f"after being killed {drawn.moments[-1]}"
        if not drawn.killed:
            break
        transaction.savepoint_rollback(before)


@pytest.mark.parametrize("fault", ["429", "500", "timeout"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_twilio_is_in_trouble_and_comes_back(desk: Desk, fault: Any, method: str) -> None:
    desk.faults.force(fault, path="/Recordings/", method=method, times=8)  # twice with all retries

    recording, sound = announced(desk)
    assert (recording.state, recording.is_failing) == (State.READY if method == "GET" else State.STORED, True)
    sweep(desk, 3)

    assert is_home(desk, recording, sound)
    assert statuses(recording).count("failed") == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [("404", "20404"), ("cut", "were announced"), ("short", "the audio breaks off after 3 of 6 seconds")],
)
def test_what_comes_is_not_what_was_told_of(desk: Desk, fault: Any, words: str) -> None:
    desk.faults.force(fault, path="/Recordings/", times=2)

    recording, sound = announced(desk)
    assert (recording.state, recording.stage) == (State.READY, "fetch")
    assert words in recording.failure
    assert not default_storage.exists(f"recordings/{recording.announced_at:%Y/%m/%d}/{recording.pk}.wav")
    sweep(desk, 3)

    assert is_home(desk, recording, sound)


def test_what_never_becomes_right_waits_for_a_person_and_stays_at_twilio(desk: Desk) -> None:
    desk.faults.media_short = 1.0

    recording, sound = announced(desk)
    while recording not in Recording.objects.stuck():
        Recording.objects.filter(retry_at__isnull=False).update(retry_at=timezone.now())
        sweep(desk, 1)

    assert is_at_twilio(desk, recording)
    desk.faults.media_short = 0.0
    assert actions.retry(recording, at=timezone.now())
    sweep(desk, 1)
    assert is_home(desk, recording, sound)


def test_twilio_does_not_let_go_for_days(desk: Desk) -> None:
    desk.faults.rest_held, desk.faults.held_seconds = 1.0, 86_400.0

    recording, sound = announced(desk)
    assert (recording.state, recording.stage) == (State.STORED, "clear")
    assert "20009" in recording.failure
    assert sound_of(recording) == sound  # it is heard meanwhile
    desk.wait(86_400)
    sweep(desk, 1)

    assert is_home(desk, recording, sound)


def test_the_answer_to_the_deletion_is_lost(desk: Desk) -> None:
    desk.faults.force("lost", path="/Recordings/", method="DELETE", times=4)

    recording, sound = announced(desk)
    sweep(desk)

    assert is_home(desk, recording, sound)


def test_news_comes_twice_and_in_the_wrong_order(desk: Desk) -> None:
    kept: list[HttpRequest] = []
    desk.keeps = lambda request: not kept.append(request)
    recording = made(desk)
    sound = recording.wav()
    tell(desk, recording, "in-progress")
    tell(desk, recording, "completed")
    desk.keeps = lambda _request: False
    desk.doubles = True

    for request in reversed(kept):
        assert desk.send(request, 15).status == 204

    assert len(kept) == 2
    assert is_home(desk, Recording.objects.get(), sound)
    assert statuses(Recording.objects.get()) == ["ready", "stored", "cleared"]


def test_the_storage_is_full_and_has_room_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        recording, sound = announced(desk)
    assert (recording.state, recording.stage) == (State.VERIFIED, "store")
    assert "No space left on device" in recording.failure
    assert is_at_twilio(desk, recording)
    sweep(desk)

    assert is_home(desk, recording, sound)


def test_this_machine_has_no_room_and_has_it_again(desk: Desk) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))  # no file may be larger
    try:
        recording, sound = announced(desk)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (recording.state, recording.stage) == (State.READY, "fetch")
    assert "File too large" in recording.failure
    assert list(spool.folder().iterdir()) == []
    sweep(desk)

    assert is_home(desk, recording, sound)


def test_the_storage_is_away_and_comes_back(desk: Desk, settings: Any) -> None:
    working = settings.STORAGES
    away = {"bucket_name": "desk", "endpoint_url": "http://127.0.0.1:9", "access_key": "a", "secret_key": "b"}
    settings.STORAGES = working | {"default": {"BACKEND": "recordings.bucket.Bucket", "OPTIONS": away}}

    recording, sound = announced(desk)
    assert (recording.state, recording.stage) == (State.VERIFIED, "store")
    assert "EndpointConnectionError" in recording.failure
    assert is_at_twilio(desk, recording)
    settings.STORAGES = working
    asked = len(list(desk.twilio.exchanges))
    sweep(desk)

    assert is_home(desk, recording, sound)
    again = [one for one in list(desk.twilio.exchanges)[asked:] if one.url.endswith(".wav") and one.method == "GET"]
    assert again == []  # it waited in the spool


@pytest.mark.parametrize("state", [State.FETCHED, State.VERIFIED])
def test_the_spool_is_lost(desk: Desk, state: State) -> None:
    with desk.workers_dead():
        recording, sound = announced(desk)
    claim = actions.claim_stage(recording.pk, at=timezone.now())
    assert claim is not None
    assert actions.note_fetched(claim, fetching.fetch(claim, goes_on=lambda: True), at=timezone.now())
    if state is State.VERIFIED:
        assert actions.note_verified(claim, seconds=6, channels=2, at=timezone.now())
    shutil.rmtree(spool.folder())

    sweep(desk, 1)
    recording.refresh_from_db()
    assert (recording.state, recording.stage) == (State.READY, "fetch")
    assert recording.failure == "the sound is not in the spool of this machine any more"
    sweep(desk)

    assert is_home(desk, recording, sound)


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("how", ["damaged", "lost"])
def test_what_the_storage_does_not_give_back_is_not_deleted_at_twilio_but_fetched_again(
    desk: Desk, settings: Any, how: str, sealed: bool
) -> None:
    if not sealed:
        settings.RECORDINGS_KEYS = ""
    desk.faults.force("500", path="/Recordings/", method="DELETE", times=4)
    recording, sound = announced(desk)
    path = Path(default_storage.path(recording.copies.get().name))
    path.write_bytes(path.read_bytes()[:-1] + b"x") if how == "damaged" else path.unlink()

    sweep(desk)
    recording.refresh_from_db()
    assert (recording.state, recording.stage, recording.is_failing) == (State.READY, "fetch", True)
    assert is_at_twilio(desk, recording)
    desk.wait(7 * 3600)  # it is not fetched each minute
    sweep(desk, 1)

    assert is_home(desk, recording, sound)


def test_a_slow_worker_whose_claim_has_run_out_does_no_harm(desk: Desk) -> None:
    with desk.workers_dead():
        recording, sound = announced(desk)
    slow = actions.claim_stage(recording.pk, at=timezone.now())
    assert slow is not None
    file = fetching.fetch(slow, goes_on=lambda: True)

    sweep(desk, 1)
    assert is_home(desk, recording, sound)

    assert not actions.note_fetched(slow, file, at=timezone.now())
    assert is_home(desk, recording, sound)


def test_many_at_once_are_all_brought_home(desk: Desk, settings: Any) -> None:
    settings.RECORDING_FETCHES = 1
    with desk.workers_dead():
        found = [announced(desk, seconds=1) for _ in range(5)]

    sweep(desk, 1)

    assert all(is_home(desk, recording, sound) for recording, sound in found)
