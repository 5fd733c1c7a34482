from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from compliance.models import Policy
from queues.models import Queue
from recordings import actions
from recordings.files import Sealed
from recordings.models import Recording
from recordings.pipeline import LONGEST_PAUSE, TRIES
from recordings.states import State
from telephony.payloads import RecordingCallback
from tests.calls.factories import AT
from tests.recordings.factories import make_copy, make_recording, make_stored

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def claimed(recording: Recording, at: Any = AT) -> Recording:
    claim = actions.claim_stage(recording.pk, at=at)
    assert claim is not None
    return claim


def file_of(recording: Recording, size: int = 1) -> Sealed:
    return Sealed(recording.pk, "original", "a.wav", size, "ab" * 32, "", b"")


def statuses(recording: Recording) -> list[str]:
    return [event.data["status"] for event in recording.call.events.order_by("pk")]


def test_a_recording_is_claimed_once_until_the_claim_runs_out() -> None:
    recording = make_recording(state=State.READY)

    first = actions.claim_stage(recording.pk, at=AT)
    second = actions.claim_stage(recording.pk, at=AT + actions.LEASE / 2)
    third = actions.claim_stage(recording.pk, at=AT + actions.LEASE)

    assert first is not None
    assert second is None
    assert third is not None
    assert (first.attempts, third.attempts) == (1, 2)
    assert actions.renew_claim(first, until=AT + 9 * MINUTE) is False


def test_whoever_has_lost_a_claim_notes_nothing() -> None:
    recording = make_recording(state=State.READY)
    lost = claimed(recording)
    held = claimed(recording, AT + actions.LEASE)

    assert actions.note_fetched(lost, file_of(recording), at=AT) is False
    assert actions.note_failed(lost, why="no audio", at=AT) is False
    recording.refresh_from_db()
    assert (recording.state, recording.failure, recording.copies.count()) == (State.READY, "", 0)

    assert actions.note_fetched(held, file_of(recording), at=AT)


def test_one_claim_lasts_for_the_stages_of_one_kind() -> None:
    claim = claimed(make_recording(state=State.READY, clears=True, transcribes=True))
    walked = []

    assert actions.note_fetched(claim, file_of(claim), at=AT)
    walked.append((claim.state, claim.stage, claim.leased_until))
    assert actions.note_verified(claim, seconds=3.0, channels=2, at=AT)
    walked.append((claim.state, claim.stage, claim.leased_until))
    assert actions.note_stored(claim, at=AT)
    walked.append((claim.state, claim.stage, claim.leased_until))
    assert actions.note_cleared(claim, at=AT)
    walked.append((claim.state, claim.stage, claim.leased_until))

    until = AT + actions.LEASE
    assert walked == [
        ("fetched", "verify", until),
        ("verified", "store", until),
        ("stored", "clear", until),
        ("cleared", "transcribe", None),
    ]
    assert (claim.channels, claim.stored_at, claim.cleared_at) == (2, AT, AT)
    assert claim.copies.get().seconds == 3


def test_no_more_are_claimed_at_once_of_each_kind_than_the_settings_say(settings: Any) -> None:
    settings.RECORDING_FETCHES, settings.TRANSCRIPTIONS_AT_ONCE = 2, 1
    fetching = [make_recording(state=State.READY) for _ in range(3)]
    waiting = [make_recording(state=State.STORED, transcribes=True) for _ in range(2)]

    claims = [actions.claim_stage(recording.pk, at=AT) for recording in fetching]
    assert [claim is not None for claim in claims] == [True, True, False]
    assert [actions.claim_stage(recording.pk, at=AT) is not None for recording in waiting] == [True, False]

    assert actions.note_failed(claims[0], why="no audio", at=AT)
    assert actions.claim_stage(fetching[2].pk, at=AT) is not None
    assert actions.claim_stage(waiting[1].pk, at=AT + actions.LEASE) is None  # a provider is waited for longer
    assert actions.claim_stage(waiting[1].pk, at=AT + actions.lease_of(waiting[0])) is not None


def test_a_claim_that_is_renewed_stays_with_its_worker() -> None:
    claim = claimed(make_recording(state=State.READY))

    assert actions.renew_claim(claim, until=AT + 5 * MINUTE)

    assert actions.claim_stage(claim.pk, at=AT + 2 * MINUTE) is None
    assert actions.note_fetched(claim, file_of(claim), at=AT + 3 * MINUTE)


def test_each_failure_waits_twice_as_long_and_the_last_waits_for_a_person() -> None:
    recording = make_recording(state=State.READY)
    at, pauses = AT, []
    for _ in range(TRIES):
        assert actions.note_failed(claimed(recording, at), why="no audio", at=at)
        recording.refresh_from_db()
        pauses.append(recording.retry_at and recording.retry_at - at)
        at = recording.retry_at or at

    assert pauses[:4] == [timedelta(seconds=s) for s in (30, 60, 120, 240)]
    assert max(pause for pause in pauses if pause) == LONGEST_PAUSE
    assert pauses[-1] is None
    assert actions.sweep_due(at=at + timedelta(days=30)) == []
    assert list(Recording.objects.stuck()) == [recording]
    assert statuses(recording) == ["failed"]

    assert actions.retry(recording, at=at)
    assert actions.sweep_due(at=at) == [recording.pk]


def test_what_kills_every_worker_is_left_to_a_person_at_last() -> None:
    recording = make_recording(state=State.READY)
    for tries in range(TRIES):
        claimed(recording, AT + tries * actions.LEASE)

    assert actions.claim_stage(recording.pk, at=AT + TRIES * actions.LEASE) is None

    recording.refresh_from_db()
    assert "the worker came to its end without a word" in recording.failure
    assert list(Recording.objects.stuck()) == [recording]
    assert statuses(recording) == ["failed"]


def test_a_stage_that_comes_about_has_all_tries_for_the_next_one() -> None:
    recording = make_recording(state=State.VERIFIED, attempts=7, failure="storage away", retry_at=AT)
    claim = claimed(recording)

    assert actions.note_stored(claim, at=AT)

    assert (claim.attempts, claim.failure, claim.retry_at) == (0, "", None)


def test_what_is_fetched_again_and_again_and_never_verified_is_tried_less_and_less() -> None:
    recording = make_recording(state=State.READY)
    at = AT
    for tries in range(1, TRIES + 1):
        claim = claimed(recording, at)
        assert actions.note_fetched(claim, file_of(claim, size=tries), at=at)
        assert claim.attempts == tries
        assert actions.step_back(claim, why="the audio breaks off", at=at)
        assert (claim.state, claim.stage) == ("ready", "fetch")
        at = claim.retry_at or at

    recording.refresh_from_db()
    assert list(Recording.objects.stuck()) == [recording]
    assert recording.copies.get().size == TRIES
    assert statuses(recording) == ["failed"]


def test_what_our_storage_gives_back_otherwise_is_fetched_again_after_a_long_time() -> None:
    claim = claimed(make_recording(state=State.STORED, clears=True))

    assert actions.step_back(claim, why="not what was put there", at=AT)

    assert (claim.state, claim.stage, claim.retry_at) == ("ready", "fetch", AT + LONGEST_PAUSE)


def test_only_what_has_failed_can_be_tried_again() -> None:
    assert actions.retry(make_recording(state=State.ANNOUNCED), at=AT) is False
    assert actions.retry(make_recording(state=State.READY), at=AT) is False
    assert actions.retry(make_stored(failure="of long ago"), at=AT) is False


def completed(recording: Recording, **fields: Any) -> RecordingCallback:
    return RecordingCallback(
        **({"sid": recording.sid, "call_sid": recording.call.sid, "status": "completed", "seconds": 3} | fields)
    )


def test_a_repeated_callback_does_not_end_the_pause_after_a_failure() -> None:
    recording = make_recording(state=State.READY, failure="no audio", retry_at=AT + MINUTE)

    actions.announce(completed(recording), at=AT)

    recording.refresh_from_db()
    assert (recording.state, recording.retry_at) == (State.READY, AT + MINUTE)


@pytest.mark.parametrize("state", [State.FETCHED, State.VERIFIED, State.STORED, State.CLEARED, State.DELETED])
@pytest.mark.parametrize("status", ["in-progress", "completed", "absent", "deleted"])
def test_late_news_of_twilios_do_not_move_what_is_past_them(state: State, status: str) -> None:
    recording = make_recording(state=state)

    actions.announce(completed(recording, status=status), at=AT)

    recording.refresh_from_db()
    assert recording.state == state


@pytest.mark.parametrize(
    ("setting", "provider", "policy", "expected"),
    [
        (False, "", None, (False, False)),
        (True, "echo", None, (True, True)),
        (False, "echo", (True, True), (True, True)),
        (True, "echo", (False, False), (False, False)),
        (False, "", (True, True), (True, False)),  # nobody is there who could
    ],
)
def test_which_stages_are_wanted_is_decided_when_it_is_ready(
    settings: Any,
    setting: bool,
    provider: str,
    policy: tuple[bool, bool] | None,
    expected: tuple[bool, bool],
) -> None:
    settings.RECORDINGS_CLEAR, settings.TRANSCRIPTION_PROVIDER = setting, provider
    rule = policy and Policy.objects.create(name="Sales", clears=policy[0], transcribes=policy[1])
    recording = make_recording(policy=rule)

    actions.announce(completed(recording), at=AT)

    recording.refresh_from_db()
    assert (recording.state, recording.stage) == ("ready", "fetch")
    assert (recording.clears, recording.transcribes) == expected


def test_a_queue_may_have_a_provider_of_its_own(settings: Any) -> None:
    settings.TRANSCRIPTION_PROVIDER = "echo"
    queue = Queue.objects.create(name="Support", transcription="other")

    assert actions.provider_of(make_recording()) == "echo"
    assert actions.provider_of(make_recording(queue=queue)) == "other"


@pytest.mark.django_db(transaction=True)
def test_open_pages_are_told_of_each_step() -> None:
    recording = make_recording(state=State.READY)
    make_copy(recording)
    claim = claimed(recording)

    with connection.cursor() as cursor:
        cursor.execute("LISTEN live")
    actions.note_failed(claim, why="no audio", at=AT)

    with connection.cursor() as cursor:
        told = {notice.payload for notice in cursor.connection.notifies(timeout=0.1)}
        cursor.execute("UNLISTEN live")
    assert told == {"recordings", f"recording:{recording.pk}"}


def test_recordings_are_swept_oldest_first_and_by_kind() -> None:
    young = make_recording(state=State.READY, announced_at=AT)
    old = make_recording(state=State.STORED, transcribes=True, announced_at=AT - MINUTE)
    make_stored()

    assert actions.sweep_due(at=AT) == [old.pk, young.pk]
    assert actions.sweep_due(at=AT, stages=["fetch"]) == [young.pk]
    assert actions.claim_stage(UUID(int=0), at=AT) is None
