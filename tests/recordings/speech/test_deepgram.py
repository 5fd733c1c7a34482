import json
from decimal import Decimal

import numpy as np
import pytest

from recordings.speech.deepgram import Deepgram, callback_token, is_callback_token
from recordings.speech.provider import Busy, CallsBack, Denied, Pending, Price, Stopped, Unclear, Unusable
from recordings.speech.transcript import Segment, Word
from tests.patience import PATIENCE
from tests.recordings.speech.factories import write_wav
from tests.recordings.speech.servers import Answer, server

WORDS = [
    {"word": "hello", "start": 0.5, "end": 0.9, "confidence": 0.9, "punctuated_word": "Hello,"},
    {"word": "anna", "start": 0.9, "end": 1.3, "confidence": 0.9},
]
ANSWER = {
    "metadata": {
        "request_id": "r-1",
        "duration": 60.0,
        "channels": 2,
        "model_info": {"m": {"name": "general-nova-3", "version": "2025-04-17.21547", "arch": "nova-3"}},
    },
    "results": {
        "channels": [{"alternatives": [], "detected_language": "en"}, {"alternatives": []}],
        "utterances": [
            {"start": 2.0, "end": 3.0, "confidence": 0.8, "channel": 1, "transcript": "Hi.", "words": []},
            {"start": 0.5, "end": 1.3, "confidence": 0.95, "channel": 0, "transcript": "Hello, anna", "words": WORDS},
            {"start": 4.0, "end": 4.1, "confidence": 0.1, "channel": 1, "transcript": "", "words": []},
        ],
    },
}
SPEAKERS = ("customer", "agent")
PRICE = Price(Decimal("0.0043"), "USD")


@pytest.fixture
def provider():
    with server() as made:
        made.answer(Answer(body=ANSWER))
        yield made


@pytest.fixture
def sound(tmp_path):
    return write_wav(tmp_path / "a.wav", np.zeros(8000), np.zeros(8000))


def deepgram(provider, **more):
    return Deepgram(key="k3y", url=provider.url, timeout=PATIENCE, price=PRICE, **more)


def transcribe(provider, sound, language="", **more):
    return deepgram(provider).transcribe(sound, channels=2, speakers=SPEAKERS, language=language, **more)


def test_channels_words_language_version_and_cost_are_read(provider, sound):
    made = transcribe(provider, sound)

    assert made.segments == (
        Segment(0.5, 1.3, "customer", "Hello, anna", 0.95, (Word("Hello,", 0.5, 0.9), Word("anna", 0.9, 1.3))),
        Segment(2.0, 3.0, "agent", "Hi.", 0.8),
    )
    assert (made.language, made.provider, made.version) == ("en", "deepgram", "nova-3 2025-04-17.21547")
    assert (made.cost, made.currency) == (Decimal("0.008600"), "USD")


def test_the_whole_file_is_sent_with_the_key_and_what_we_wish(provider, sound):
    transcribe(provider, sound, language="de-CH")

    (asked,) = provider.asked
    assert asked.path == "/v1/listen"
    assert asked.headers["Authorization"] == "Token k3y"
    assert asked.headers["Content-Type"] == "audio/wav"
    assert asked.body == sound.read_bytes()
    assert asked.query["language"] == ["de-CH"]
    assert asked.query["multichannel"] == asked.query["utterances"] == ["true"]
    assert asked.query["model"] == ["nova-3"]
    assert "detect_language" not in asked.query


def test_one_channel_is_everybodys_and_the_language_is_found_out(provider, tmp_path):
    one = write_wav(tmp_path / "b.wav", np.zeros(8000))
    answer = json.loads(json.dumps(ANSWER))
    answer["results"]["utterances"] = [answer["results"]["utterances"][1]]
    provider.answer(Answer(body=answer))

    made = deepgram(provider, model="nova-2-phonecall").transcribe(one, channels=1, speakers=SPEAKERS, language="")

    assert [entry.speaker for entry in made.segments] == ["both"]
    assert provider.asked[0].query["detect_language"] == ["true"]
    assert provider.asked[0].query["model"] == ["nova-2-phonecall"]
    assert "multichannel" not in provider.asked[0].query


def test_a_silent_call_has_no_text(provider, sound):
    provider.answer(Answer(body={"metadata": {"duration": 1.0}, "results": {"channels": [], "utterances": []}}))

    made = transcribe(provider, sound)

    assert (made.segments, made.language, made.version) == ((), "", "nova-3")


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "null",
        {"metadata": {}, "results": {}},
        {"request_id": "r-1"},
        ANSWER | {"metadata": {"duration": "long"}},
        ANSWER | {"results": {"channels": [], "utterances": [{"start": 1}]}},
        ANSWER | {"results": {"channels": [], "utterances": [ANSWER["results"]["utterances"][0] | {"channel": 7}]}},
    ],
)
def test_what_is_no_transcript_is_unclear_and_not_quoted(provider, sound, body):
    provider.answer(Answer(body=body))

    with pytest.raises(Unclear, match="no transcript"):
        transcribe(provider, sound)
    with pytest.raises(Unclear, match="no transcript"):
        deepgram(provider).read_callback(provider.answers[0].content(), channels=2, speakers=SPEAKERS, language="")


@pytest.mark.parametrize(("status", "failure"), [(401, Denied), (429, Busy), (500, Unclear), (400, Unusable)])
def test_failures_are_told_apart(provider, sound, status, failure):
    provider.answer(Answer(status))

    with pytest.raises(failure, match="Deepgram"):
        transcribe(provider, sound)


def test_sound_that_cannot_be_used_is_not_sent(provider, sound, tmp_path):
    with pytest.raises(Unusable, match="should have 1"):
        deepgram(provider).transcribe(sound, channels=1, speakers=(), language="")
    (tmp_path / "b.wav").write_bytes(b"no sound")
    with pytest.raises(Unusable, match="no WAV file"):
        transcribe(provider, tmp_path / "b.wav")
    with pytest.raises(Stopped):
        transcribe(provider, sound, goes_on=lambda: False)

    assert provider.asked == []


def test_the_text_may_come_later(provider, sound):
    provider.answer(Answer(body={"request_id": "r-1"}))
    asker = deepgram(provider)

    pending = asker.begin(sound, channels=2, language="en", callback_url="https://contact.example.com/t/1?x=2")

    assert isinstance(asker, CallsBack)
    assert pending == Pending("r-1")
    assert provider.asked[0].query["callback"] == ["https://contact.example.com/t/1?x=2"]
    made = asker.read_callback(json.dumps(ANSWER).encode(), channels=2, speakers=SPEAKERS, language="en")
    assert [entry.text for entry in made.segments] == ["Hello, anna", "Hi."]


@pytest.mark.parametrize("body", [{}, {"request_id": ""}, {"request_id": 3}, []])
def test_who_takes_the_sound_without_a_number_is_unclear(provider, sound, body):
    provider.answer(Answer(body=body))

    with pytest.raises(Unclear, match="without the number"):
        deepgram(provider).begin(sound, channels=2, language="en", callback_url="https://contact.example.com/")


def test_a_callback_that_is_no_json_is_unclear(provider):
    with pytest.raises(Unclear, match="no JSON"):
        deepgram(provider).read_callback(b"\xff", channels=1, speakers=(), language="")


def test_only_our_own_token_opens_the_address_of_a_callback():
    token = callback_token("secret", "recording 7")

    assert is_callback_token(token, "secret", "recording 7")
    assert not is_callback_token(token, "secret", "recording 8")
    assert not is_callback_token(token, "other", "recording 7")
    assert not is_callback_token("ü", "secret", "recording 7")
    assert not is_callback_token(callback_token("", "recording 7"), "", "recording 7")
