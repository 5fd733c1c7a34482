import io
import math
import wave
from decimal import Decimal

import numpy as np
import pytest

from recordings.speech import openai_compatible
from recordings.speech.openai_compatible import OpenAICompatible
from recordings.speech.provider import Busy, Denied, Price, Stopped, Unclear, Unusable
from recordings.speech.transcript import Segment, Word
from tests.patience import PATIENCE
from tests.recordings.speech.factories import write_wav
from tests.recordings.speech.servers import Answer, server

LOUD = np.random.default_rng(3).uniform(-0.5, 0.5, 16000)
ANSWER = {
    "task": "transcribe",
    "language": "english",
    "duration": 2.0,
    "text": "Well, hello there. Bye.",
    "segments": [
        {"id": 0, "start": 0.0, "end": 1.2, "text": " Well, hello there.", "avg_logprob": -0.1, "no_speech_prob": 0.01},
        {"id": 1, "start": 1.2, "end": 2.0, "text": " Bye.", "avg_logprob": -0.5, "no_speech_prob": 0.02},
        {"id": 2, "start": 2.0, "end": 2.0, "text": " Thanks for watching!", "avg_logprob": -1, "no_speech_prob": 0.97},
    ],
    "words": [
        {"word": "Well", "start": 0.1, "end": 0.4},
        {"word": "hello", "start": 0.4, "end": 0.8},
        {"word": "there", "start": 0.8, "end": 1.2},
        {"word": "Bye", "start": 1.3, "end": 1.9},
    ],
}


@pytest.fixture
def provider():
    with server() as made:
        made.answer(Answer(body=ANSWER))
        yield made


@pytest.fixture
def sound(tmp_path):
    return write_wav(tmp_path / "a.wav", LOUD, LOUD / 2)


def transcribe(provider, sound, *, channels=2, language="", **more):
    asker = OpenAICompatible(
        key="k3y", url=f"{provider.url}/v1/", timeout=PATIENCE, price=Price(Decimal("0.006"), "USD")
    )
    return asker.transcribe(sound, channels=channels, speakers=("customer", "agent"), language=language, **more)


def test_words_get_their_writing_and_times_and_segments_their_confidence(provider, sound):
    made = transcribe(provider, sound)

    words = (Word("Well,", 0.1, 0.4), Word("hello", 0.4, 0.8), Word("there.", 0.8, 1.2))
    assert made.segments[0] == Segment(0.0, 1.2, "customer", "Well, hello there.", math.exp(-0.1), words)
    assert [(entry.speaker, entry.text) for entry in made.segments] == [
        ("customer", "Well, hello there."),
        ("agent", "Well, hello there."),
        ("customer", "Bye."),
        ("agent", "Bye."),
    ]
    assert (made.language, made.provider, made.version) == ("en", "openai", "whisper-1")
    assert (made.cost, made.currency) == (Decimal("0.000400"), "USD")


def test_each_channel_is_a_request_with_one_channel_of_sound(provider, sound):
    transcribe(provider, sound, language="de-AT")

    assert len(provider.asked) == 2
    for index, asked in enumerate(provider.asked):
        assert asked.path == "/v1/audio/transcriptions"
        assert asked.headers["Authorization"] == "Bearer k3y"
        assert asked.field("model") == ["whisper-1"]
        assert asked.field("response_format") == ["verbose_json"]
        assert asked.field("timestamp_granularities[]") == ["word", "segment"]
        assert asked.field("language") == ["de"]
        with wave.open(io.BytesIO(asked.field("file")[0].encode("latin-1"))) as file:
            assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (1, 8000, 16000)
            loudest = np.abs(np.frombuffer(file.readframes(16000), "<i2")).max() / 32768
            assert loudest == pytest.approx(0.5 / (index + 1), abs=0.01)


def test_long_sound_is_sent_in_parts_and_its_times_are_those_of_the_whole(provider, sound, monkeypatch, tmp_path):
    monkeypatch.setattr(openai_compatible, "_PIECE_SECONDS", (1.5, 2.5))
    path = write_wav(tmp_path / "a.wav", np.concatenate([LOUD, np.zeros(2400), LOUD]))

    made = transcribe(provider, path, channels=1)

    assert len(provider.asked) == 2
    assert [entry.text for entry in made.segments] == ["Well, hello there.", "Bye."] * 2
    assert made.segments[2].start == pytest.approx(2.15, abs=0.2)
    assert made.segments[2].words[0].start == pytest.approx(2.25, abs=0.2)
    assert {entry.speaker for entry in made.segments} == {"both"}


def test_parts_stay_below_what_is_taken():
    assert openai_compatible._PIECE_SECONDS[1] * 8000 * 2 < 25_000_000


def test_silence_is_not_sent(provider, tmp_path):
    made = transcribe(provider, write_wav(tmp_path / "a.wav", np.zeros(16000)), channels=1)

    assert (made.segments, provider.asked) == ((), [])


def test_words_that_do_not_match_the_text_are_left_out(provider, sound):
    provider.answer(Answer(body=ANSWER | {"words": [{"word": "Something", "start": 0.1, "end": 0.4}]}))

    made = transcribe(provider, sound)

    assert made.segments[0].text == "Well, hello there."
    assert made.segments[0].words == ()


def test_a_server_without_times_of_words_is_taken_as_it_is(provider, sound):
    segments = [{"start": 0, "end": 1, "text": "Hello"}]
    provider.answer(Answer(body={"text": "Hello", "segments": segments, "language": "xx"}))

    made = transcribe(provider, sound)

    assert [(entry.text, entry.confidence, entry.words) for entry in made.segments] == [("Hello", None, ())] * 2
    assert made.language == "xx"


@pytest.mark.parametrize(
    "first",
    [
        Answer(400, {"error": {"message": "response_format 'verbose_json' is not compatible with model"}}),
        Answer(200, {"text": "Hello"}),
    ],
)
def test_a_model_that_tells_no_times_is_asked_in_short_parts(provider, tmp_path, first):
    provider.answer(first, Answer(body={"text": " Hello  there "}))
    path = write_wav(tmp_path / "a.wav", np.tile(LOUD, 15))

    made = transcribe(provider, path, channels=1)

    assert [asked.field("response_format") for asked in provider.asked[1:]] == [["json"]] * 2
    assert provider.asked[1].field("timestamp_granularities[]") == []
    assert [entry.text for entry in made.segments] == ["Hello there"] * 2
    assert made.segments[1].end == 30.0
    assert all(entry.end - entry.start <= 20 for entry in made.segments)


@pytest.mark.parametrize(
    ("status", "failure"), [(401, Denied), (429, Busy), (500, Unclear), (400, Unusable), (413, Unusable)]
)
def test_failures_are_told_apart(provider, sound, status, failure):
    provider.answer(Answer(status, {"error": {"message": "No"}}))

    with pytest.raises(failure):
        transcribe(provider, sound)


@pytest.mark.parametrize(
    "body",
    [
        [],
        3,
        {"segments": [{"text": "x"}]},
        {"segments": [{"text": "x", "start": 0, "end": "z"}]},
        {"segments": [], "words": [{}]},
        {"segments": [{"text": "x", "start": 0, "end": 1, "avg_logprob": 1e9}]},
        {"segments": None},
    ],
)
def test_what_is_no_transcript_is_unclear(provider, sound, body):
    provider.answer(Answer(body=body))

    with pytest.raises(Unclear, match="no transcript"):
        transcribe(provider, sound)


def test_the_work_stops_when_somebody_else_has_taken_over(provider, sound):
    with pytest.raises(Stopped):
        transcribe(provider, sound, goes_on=lambda: False)

    assert provider.asked == []
