from datetime import UTC, datetime, timedelta

import pytest

from simulator.audio import SpokenVoice
from simulator.audio_tracks import Held
from simulator.legs import Leg
from simulator.recordings import Recording, Wish
from simulator.shelf import Shelf
from simulator.simulator import Simulator, VirtualClock
from simulator.transport import HttpReply

AT = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)


class Nobody:
    def send(self, request, timeout):
        return HttpReply(status=204)


def simulator():
    return Simulator(
        account_sid="AC" + "0" * 32,
        auth_token="token",
        transport=Nobody(),
        clock=VirtualClock(),
        voice=SpokenVoice(programs=()),
    )


def recording(sid="RE" + "1" * 32, *, tracks=(b"\x01\x02" * 8000,), status="completed"):
    leg = Leg(sid="CA" + "1" * 32, from_="+14155550100", to="+15005550100", direction="inbound", created=AT)
    wish = Wish(source="RecordVerb", channels=len(tracks))
    end = AT + timedelta(seconds=1)
    return Recording(
        sid=sid,
        leg=leg,
        wish=wish,
        started=AT,
        created=AT,
        updated=end,
        ended=end,
        status=status,
        audio=[Held(track) for track in tracks],
    )


@pytest.mark.parametrize("tracks", [(b"\x01\x02" * 8000,), (b"\x01\x02" * 8000, b"\x03\x04" * 8000)])
def test_a_finished_recording_outlives_the_simulator(tmp_path, tracks):
    first = simulator()
    first.subscribe(Shelf(tmp_path / "recordings", first).keep)
    first.restore(recording(tracks=tracks))

    second = simulator()
    Shelf(tmp_path / "recordings", second).restore()

    (kept,) = second.recordings
    assert (kept.sid, kept.status, kept.tracks) == ("RE" + "1" * 32, "completed", tracks)
    assert (kept.leg.sid, kept.leg.from_, kept.started, kept.duration) == ("CA" + "1" * 32, "+14155550100", AT, 1)
    assert second.snapshot()["recordings"][0]["sid"] == kept.sid


def test_the_sound_of_a_deleted_recording_is_gone_from_the_folder_too(tmp_path):
    machine = simulator()
    shelf = Shelf(tmp_path, machine)
    machine.subscribe(shelf.keep)
    item = recording()
    machine.restore(item)
    assert (tmp_path / f"{item.sid}.wav").exists()

    item.status, item.audio, item.deleted = "deleted", (), AT
    shelf.keep()

    assert not (tmp_path / f"{item.sid}.wav").exists()
    again = simulator()
    Shelf(tmp_path, again).restore()
    assert [(each.status, each.deleted) for each in again.recordings] == [("deleted", AT)]


def test_a_recording_that_is_not_finished_is_not_written(tmp_path):
    machine = simulator()
    machine.subscribe(Shelf(tmp_path, machine).keep)

    machine.restore(recording(status="processing", tracks=()))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spoiled", ["json", "wav"])
def test_spoiled_files_are_passed_over(tmp_path, spoiled):
    machine = simulator()
    machine.subscribe(Shelf(tmp_path, machine).keep)
    machine.restore(recording())
    machine.restore(recording("RE" + "2" * 32))
    (tmp_path / f"RE{'1' * 32}.{spoiled}").write_text("{")

    again = simulator()
    Shelf(tmp_path, again).restore()

    assert [each.sid for each in again.recordings] == ["RE" + "2" * 32]


def test_a_planted_recording_is_not_kept(tmp_path):
    machine = simulator()
    machine.subscribe(Shelf(tmp_path, machine).keep)

    machine.plant(seconds=3600)

    assert list(tmp_path.iterdir()) == []
