from array import array
from datetime import UTC, datetime, timedelta

import pytest

from simulator.audio_tracks import loud_part
from simulator.sounds import Sound, Stretch, lay_out

START = datetime(2026, 1, 5, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def tone(seconds: float, level: int = 5000) -> bytes:
    return array("h", [level]).tobytes() * round(seconds * 8000)


def sound(after: float, seconds: float, level: int = 5000, **changes) -> Sound:
    return Sound(at(after), lambda: tone(seconds, level), seconds, **changes)


def levels(track) -> list[int]:
    """The level in the middle of each second."""
    samples = array("h", track.read(0, track.samples))
    return [samples[second * 8000 + 4000] for second in range(len(samples) // 8000)]


@pytest.mark.parametrize(
    ("sounds", "loud"),
    [
        ([], (0, 0)),
        ([sound(1, 1)], (1, 2)),
        ([sound(-1, 2)], (0, 1)),
        ([sound(3, 5)], (3, 4)),
        ([sound(-5, 1), sound(9, 1)], (0, 0)),
        ([sound(-1, 9)], (0, 4)),
        ([sound(0.5, 0.5), sound(3, 0.5)], (0.5, 3.5)),
    ],
)
def test_what_was_heard_lies_at_its_time_and_inside_the_recording(sounds, loud):
    track = lay_out(sounds, [Stretch(START, at(4))], 4)

    assert track.samples == 4 * 8000
    assert tuple(place / 8000 for place in loud_part([track])) == loud


def test_what_sounds_at_once_is_mixed():
    track = lay_out([sound(0, 3, 1000), sound(1, 1, 300)], [Stretch(START, at(4))], 4)

    assert levels(track) == [1000, 1300, 1000, 0]


def test_who_comes_late_or_leaves_early_hears_a_part():
    heard = sound(0, 5, since=at(1), until=at(3))

    assert levels(lay_out([heard], [Stretch(START, at(5))], 5)) == [0, 5000, 5000, 0, 0]


def test_a_sound_stops_once():
    one = sound(0, 5)
    one.stop(at(2))
    one.stop(at(4))

    assert one.end == at(2)


def test_a_pause_is_silence_or_is_not_there_at_all():
    sounds = [sound(second, 1, 1000 * (second + 1)) for second in range(6)]
    before, after = Stretch(START, at(2)), (at(4), at(6))

    assert levels(lay_out(sounds, [before, Stretch(*after, place=4)], 6)) == [1000, 2000, 0, 0, 5000, 6000]
    assert levels(lay_out(sounds, [before, Stretch(*after, place=2)], 4)) == [1000, 2000, 5000, 6000]


def test_a_sound_over_a_pause_goes_on_where_it_would_have_come_to():
    rising = Sound(START, lambda: b"".join(tone(1, level) for level in (100, 200, 300, 400)), 4)

    track = lay_out([rising], [Stretch(START, at(1)), Stretch(at(3), at(4), place=1)], 2)

    assert levels(track) == [100, 400]


def test_a_track_is_read_from_any_place():
    track = lay_out([sound(1, 2), sound(2, 2, 300)], [Stretch(START, at(5))], 5)
    whole = track.read(0, track.samples)

    for first, count in ((0, 1), (7999, 2), (12_345, 20_000), (39_999, 1)):
        assert track.read(first, count) == whole[first * 2 : (first + count) * 2]


def test_samples_are_made_when_they_are_asked_for_and_once():
    made = []

    def make() -> bytes:
        made.append(True)
        return tone(1)

    track = lay_out([Sound(at(2), make, 1)], [Stretch(START, at(4))], 4)
    track.read(0, 8000)
    before = len(made)
    track.read(0, track.samples)
    track.read(0, track.samples)

    assert (before, len(made)) == (0, 1)
