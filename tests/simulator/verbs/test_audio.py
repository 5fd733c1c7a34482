"""Say, Play and Pause."""

import pytest

from simulator.audio_tracks import wav
from simulator.simulator import HttpReply
from tests.simulator.world import BASE, world


def audio(kind: str, body: bytes = b"x" * 4000) -> HttpReply:
    return HttpReply(200, (("Content-Type", kind),), body)


def test_say_repeats_and_names_voice_and_language():
    w = world()
    leg = w.call("<Say voice='Polly.Amy' language='en-GB' loop='2'>Hello <break time='1s'/> there</Say>")
    w.sim.run_until_idle()

    said = leg.heard[1:]
    assert [(heard.text, heard.voice, heard.language) for heard in said] == [("Hello there", "Polly.Amy", "en-GB")] * 2
    assert w.sim.violations == []


def test_say_without_end_goes_on_until_the_caller_hangs_up():
    w = world()
    leg = w.call("<Say loop='0'>Please hold the line</Say>")
    w.sim.advance(30)
    assert leg.live

    w.sim.hang_up(leg.sid)

    assert leg.heard_text.count("Please") > 15


@pytest.mark.parametrize(
    ("voice", "length", "codes"),
    [("Polly.Amy", 3000, []), ("Polly.Amy", 3001, [13521]), ("man", 4096, []), ("man", 4097, [13521])],
)
def test_a_text_too_long_for_its_voice_is_a_warning(voice, length, codes):
    w = world()
    w.call(f"<Say voice='{voice}'>{'x' * length}</Say>")
    w.sim.run_until_idle()

    assert w.codes() == codes


def test_markup_in_a_basic_voice_is_a_warning():
    w = world()
    w.call("<Say voice='man'>Hello <break/> you</Say>")
    w.sim.run_until_idle()

    assert w.codes() == [13520]


def test_play_fetches_its_audio_by_get_without_the_calls_fields():
    w = world()
    w.app.pages["/hello.wav"] = audio("audio/wav", wav([b"\0\0" * 16000]))
    leg = w.call("<Play>/hello.wav</Play>")
    w.sim.run_until_idle()

    request = w.app.requests[1]
    assert (request.method, request.url, request.body) == ("GET", f"{BASE}/hello.wav", b"")
    assert leg.heard[-1].url == f"{BASE}/hello.wav"
    assert leg.duration == 2


@pytest.mark.parametrize("reply", [audio("text/html"), audio("audio/ogg"), audio("application/octet-stream")])
def test_play_of_anything_but_audio_is_an_error(reply):
    w = world()
    w.app.pages["/hello.mp3"] = reply
    leg = w.call("<Play>/hello.mp3</Play><Say>Never</Say>")
    w.sim.run_until_idle()

    assert w.codes() == [13420]
    assert "application error" in leg.heard_text


def test_play_of_what_is_not_there_is_an_error():
    w = world()
    w.app.pages["/hello.mp3"] = HttpReply(404)
    leg = w.call("<Play>/hello.mp3</Play>")
    w.sim.run_until_idle()

    assert w.codes() == [11200]
    assert "application error" in leg.heard_text


def test_play_is_cut_by_a_key_inside_a_gather():
    w = world()
    w.app.pages["/menu.mp3"] = audio("audio/mpeg", b"x" * 400_000)
    w.page("/got", "<Say>Thanks</Say>")
    leg = w.call("<Gather numDigits='1' action='/got'><Play loop='0'>/menu.mp3</Play></Gather>")
    w.sim.advance(5)

    w.sim.press(leg.sid, "1")
    w.sim.run_until_idle()

    assert leg.heard[1].cut
    assert leg.heard_text == "Thanks"


def test_play_of_digits_makes_tones():
    w = world()
    leg = w.call("<Play digits='1w2'/>")
    w.sim.run_until_idle()

    assert leg.heard[-1].text == "Key tones"
    assert leg.status == "completed"


def test_pause_is_silence_of_its_length():
    w = world()
    leg = w.call("<Say>x</Say><Pause length='7'/><Say>y</Say>")
    w.sim.run_until_idle()

    one, silence, other = leg.heard[1:]
    assert silence.kind == "silence"
    assert (other.at - silence.at).total_seconds() == 7
    assert one.at < silence.at
