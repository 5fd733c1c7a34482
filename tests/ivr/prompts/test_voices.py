import pytest

from ivr.prompts import voices
from tests.telephony.schema import ENUMS


def test_every_language_and_voice_is_one_that_twilio_knows():
    for language in voices.LANGUAGES:
        assert language in ENUMS["SayLanguage"]
        assert voices.heard_as(language) in {"", *ENUMS["GatherLanguage"]}
        assert set(voices.voices(language)) <= set(ENUMS["SayVoice"])


def test_every_language_has_a_voice_and_no_voice_comes_twice():
    for language in voices.LANGUAGES:
        found = voices.voices(language)
        assert found
        assert len(found) == len(set(found))
        assert voices.default(language) == found[0]


def test_the_retired_voice_is_not_offered():
    assert voices.languages_of("alice") == frozenset()


def test_a_voice_knows_its_languages():
    assert voices.languages_of("Polly.Joanna-Neural") == {"en-US"}
    assert voices.languages_of("Polly.Aditi") == {"en-IN", "hi-IN"}
    assert voices.languages_of("Google.de-DE-Wavenet-A") == {"de-DE"}


@pytest.mark.parametrize(
    ("voice", "limit", "size_of_text", "size_of_umlauts"),
    [
        ("man", 3900, 11, 2),
        ("Polly.Amy", 3000, 11, 2),
        # Google counts the text as it stands in a URL
        ("Google.de-DE-Wavenet-A", 4500, 13, 12),
        ("nobody", 3000, 11, 2),
    ],
)
def test_each_kind_of_voice_has_its_limit_and_its_way_to_count(voice, limit, size_of_text, size_of_umlauts):
    assert voices.limit(voice) == limit
    assert voices.size("Hello there", voice) == size_of_text
    assert voices.size("äö", voice) == size_of_umlauts


def test_tags_do_not_count_with_amazons_voices():
    text = 'Hello<break time="1s"/>'

    assert voices.size(text, "Polly.Amy") == 5
    assert voices.size(text, "Google.en-US-Wavenet-A") > len(text)


def test_what_is_short_is_short_for_all_voices():
    assert all(
        voices.size("\U0001f600" * voices.SHORT, voice) <= voices.limit(voice)
        for voice in ("man", "Polly.Amy", "Google.en-US-Wavenet-A")
    )


def test_basic_voices_speak_no_tags_and_neural_ones_not_all():
    assert voices.tags("man") == frozenset()
    assert "emphasis" in voices.tags("Polly.Amy")
    assert "emphasis" not in voices.tags("Polly.Amy-Neural")
    assert "w" not in voices.tags("Google.en-US-Wavenet-A")
