"""A message's audio comes home, whatever happens to Twilio, to the worker or to the connection meanwhile."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.core import mail
from django.core.files.storage import default_storage

from recordings import tasks
from recordings.models import Recording, Voicemail
from recordings.states import State
from telephony.transport import session
from tests.recordings.factories import sound_of
from tests.scenarios import every_kind
from tests.scenarios.desk import Desk
from tests.telephony.adapter import RestAdapter


class Killed(BaseException):
    """What a worker's process meets when it is killed: nothing catches it, and nothing after it runs."""


@pytest.fixture
def caller_leaves_a_message(desk: Desk) -> Callable[[], Recording]:
    every_kind.publish(desk, "one")

    def leave() -> Recording:
        caller = every_kind.to_menu(desk.dial(), "one").press("4").hears("Box one.").hears_the_beep()
        caller.says(every_kind.MESSAGE).waits(6).press("#").is_hung_up_on()
        return Recording.objects.get()

    return leave


@pytest.fixture
def breaks_off(settings: Any) -> Iterator[Callable[[BaseException], None]]:
    """Let the next audio that comes from Twilio end in the middle, in this way."""
    address = settings.TWILIO_API_BASE_URL
    normal = session().get_adapter(address)
    assert isinstance(normal, RestAdapter)

    def arrange(error: BaseException) -> None:
        session().mount(address, Broken(normal, error, lambda: session().mount(address, normal)))

    yield arrange
    session().mount(address, normal)


class Broken(RestAdapter):
    def __init__(self, normal: RestAdapter, error: BaseException, once: Callable[[], None]) -> None:
        super().__init__(normal.twilio, normal.silences)
        self.error, self.once = error, once

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().send(request, *args, **kwargs)
        if not (request.url or "").endswith(".wav"):
            return response
        whole, error = response.content, self.error
        self.once()

        def pieces(*_args: Any, **_kwargs: Any) -> Iterator[bytes]:
            yield whole[: len(whole) // 2]
            raise error

        response.iter_content = pieces  # type: ignore[method-assign]  # the stream, as the connection gives it
        return response


def is_whole(desk: Desk, recording: Recording) -> bool:
    at_twilio = desk.twilio.recordings[0].wav()
    return sound_of(recording) == at_twilio and recording.copies.get().sha256 == hashlib.sha256(at_twilio).hexdigest()


def is_stored(recording: Recording) -> bool:
    return any(default_storage.exists(copy.name) for copy in recording.copies.all())


@pytest.mark.parametrize("trouble", ["500", "429", "timeout"])
def test_twilio_is_down_and_comes_back(
    desk: Desk, caller_leaves_a_message: Callable[[], Recording], trouble: Any
) -> None:
    desk.faults.force(trouble, path="/Recordings/", times=12)  # three times with all retries

    recording = caller_leaves_a_message()
    assert (recording.state, recording.is_failing, is_stored(recording)) == (State.READY, True, False)
    assert (Voicemail.objects.count(), mail.outbox) == (1, [])
    desk.minutes(5)

    recording.refresh_from_db()
    assert (recording.state, recording.failure) == (State.STORED, "")
    assert is_whole(desk, recording)
    assert [told.subject for told in mail.outbox] == ["New voicemail in Front desk"]


def test_twilio_breaks_off_in_the_middle(
    desk: Desk, caller_leaves_a_message: Callable[[], Recording], breaks_off: Callable[[BaseException], None]
) -> None:
    breaks_off(requests.exceptions.ChunkedEncodingError("the connection broke"))

    recording = caller_leaves_a_message()
    assert (recording.state, recording.is_failing) == (State.READY, True)
    assert not is_stored(recording)
    desk.minutes(2)

    recording.refresh_from_db()
    assert recording.state == State.STORED
    assert is_whole(desk, recording)


def test_a_worker_is_killed_in_the_middle_and_another_finishes(
    desk: Desk, caller_leaves_a_message: Callable[[], Recording], breaks_off: Callable[[BaseException], None]
) -> None:
    with desk.workers_dead():
        recording = caller_leaves_a_message()
    breaks_off(Killed())

    with pytest.raises(Killed):
        tasks.work(str(recording.pk))
    recording.refresh_from_db()
    assert (recording.state, recording.leased_until is not None) == (State.READY, True)
    assert not is_stored(recording)
    desk.beat()  # the lease still holds: nobody takes the work from a worker that may live
    recording.refresh_from_db()
    assert recording.state == State.READY
    desk.minutes(2)

    recording.refresh_from_db()
    assert (recording.state, recording.attempts, recording.leased_until) == (State.STORED, 0, None)
    assert is_whole(desk, recording)
    assert len(mail.outbox) == 1


def test_a_recording_that_twilio_deleted_before_we_had_it_is_given_up_in_words(
    desk: Desk, caller_leaves_a_message: Callable[[], Recording]
) -> None:
    with desk.workers_dead():
        recording = caller_leaves_a_message()
    desk.twilio._board.recorder.delete(desk.twilio.recordings[0])

    desk.minutes(2)

    recording.refresh_from_db()
    assert (recording.state, recording.is_failing) == (State.READY, True)
    assert recording.failure.startswith("20404 (404)")
