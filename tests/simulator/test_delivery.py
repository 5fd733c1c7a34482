"""A recording's audio over real HTTP: in pieces, in ranges, and on a bad line."""

import time

import pytest
import requests

from simulator.production import SIMULATED_ACCOUNT, SIMULATED_TOKEN
from tests.simulator.live import live_simulator

AUTH = (SIMULATED_ACCOUNT, SIMULATED_TOKEN)


@pytest.fixture
def live():
    with live_simulator() as live:
        yield live


@pytest.fixture
def path(live):
    """The address of ten seconds in two channels."""
    (sid,) = live.simulator.plant(seconds=10)
    return f"/2010-04-01/Accounts/{SIMULATED_ACCOUNT}/Recordings/{sid}.wav"


def test_audio_comes_with_its_length(live, path):
    answer = live.get(path, auth=AUTH)

    assert int(answer.headers["Content-Length"]) == len(answer.content) == 44 + 10 * 8000 * 4


def test_a_range_of_two_channels_is_that_range(live, path):
    whole = live.get(path, auth=AUTH).content

    part = live.get(path, auth=AUTH, headers={"Range": "bytes=1000-99999"})

    assert (part.status_code, part.content) == (206, whole[1000:100_000])
    assert part.headers["Content-Length"] == "99000"


def test_a_connection_breaks_in_the_middle_of_the_audio(live, path):
    live.simulator.faults.force("cut")

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="bytes read"):
        live.get(path, auth=AUTH)

    assert live.get(path, auth=AUTH).status_code == 200


def test_half_of_the_audio_comes_as_if_that_were_all(live, path):
    live.simulator.faults.force("short")

    answer = live.get(path, auth=AUTH)

    assert int(answer.headers["Content-Length"]) == len(answer.content) == (44 + 10 * 8000 * 4) // 2


def test_audio_comes_slowly_and_whole(live, path):
    whole = live.get(path, auth=AUTH).content
    live.simulator.faults.slow_seconds = 0.3
    live.simulator.faults.force("slow")

    began = time.monotonic()
    slow = live.get(path, auth=AUTH)

    assert time.monotonic() - began > 0.25
    assert slow.content == whole


def test_mp3_is_cut_too(live, path):
    live.simulator.faults.force("short")
    half = live.get(path.replace(".wav", ".mp3"), auth=AUTH)
    whole = live.get(path.replace(".wav", ".mp3"), auth=AUTH)

    assert half.content == whole.content[: len(whole.content) // 2]
    assert whole.headers["Content-Type"] == "audio/mpeg"
