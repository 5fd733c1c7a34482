"""STOP, START, HELP and their kin, in every language that Twilio names words for."""

import pytest

from messaging.states import Purpose
from messaging.words import ANSWERED_BY_TWILIO, WORDS, Meaning, OwnWord, fits, folded, meaning

EVERY_WORD = [
    (language, purpose, word)
    for language, purposes in WORDS.items()
    for purpose, words in purposes.items()
    for word in sorted(words)
]


def test_the_table_is_what_twilio_documents():
    stops = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}

    assert WORDS["en"][Purpose.STOP] == stops
    assert stops | {"START", "YES", "UNSTOP", "HELP", "INFO"} == ANSWERED_BY_TWILIO
    assert WORDS["fr"][Purpose.STOP] == {"ARRET", "ARRETE", "ARRETT"}
    assert WORDS["es"] == {Purpose.STOP: {"ALTO"}, Purpose.HELP: {"AYUDA"}}


@pytest.mark.parametrize(("language", "purpose", "word"), EVERY_WORD)
@pytest.mark.parametrize("written", ["{}", " {}\n", "{}.", "«{}»!"])
def test_every_word_is_understood_however_it_is_written(language, purpose, word, written):
    for text in (word, word.lower(), word.capitalize()):
        found = meaning(written.format(text))

        assert found is not None
        assert (found.purpose, found.word, found.language) == (purpose, word, language)


@pytest.mark.parametrize("text", ["ARRÊT", "arrêté", "Arrete!"])
def test_accents_do_not_matter(text):
    found = meaning(text)

    assert found is not None
    assert found.purpose is Purpose.STOP


@pytest.mark.parametrize("text", ["Please stop", "STOP calling me", "yes please", "", "   ", "?!", "help me", "stops"])
def test_a_text_with_more_than_the_word_is_no_word(text):
    assert meaning(text) is None


@pytest.mark.parametrize("language_text", ["ALTO", "PARAR", "ВЫКЛ", "停止", "إيقاف", "वापस", "停止します"])
@pytest.mark.parametrize(
    ("told", "purpose"), [("STOP", Purpose.STOP), ("START", Purpose.START), ("help", Purpose.HELP)]
)
def test_what_twilio_has_taken_for_a_word_is_one_in_whatever_language(language_text, told, purpose):
    found = meaning(language_text, told=told)

    assert found is not None
    assert found.purpose is purpose
    assert found.answered


def test_twilio_answers_its_own_words_and_no_others():
    answered = {word for _language, _purpose, word in EVERY_WORD if (found := meaning(word)) and found.answered}

    answered_without = {word for word in answered if (found := meaning(word, twilio_answers=False)) and found.answered}
    assert answered == ANSWERED_BY_TWILIO
    assert answered_without == set()


def test_words_of_the_house_are_known_too():
    own = [OwnWord("Öffnungszeiten", Purpose.REPLY, "de"), OwnWord("PARAR", Purpose.STOP, "pt")]

    assert meaning("offnungszeiten", own=own) == Meaning(Purpose.REPLY, "OFFNUNGSZEITEN", "de")
    assert meaning("parar", own=own) == Meaning(Purpose.STOP, "PARAR", "pt")
    assert meaning("PARAR") is None


def test_the_house_cannot_take_a_word_away_that_twilio_acts_on():
    own = [OwnWord("STOP", Purpose.REPLY), OwnWord("ALTO", Purpose.REPLY)]

    assert meaning("stop", own=own) == Meaning(Purpose.STOP, "STOP", "en", answered=True)
    assert meaning("alto", own=own) == Meaning(Purpose.REPLY, "ALTO")


def test_a_word_is_folded():
    assert folded("  Ärger!? ") == "ARGER"
    assert folded("two  words") == "TWO  WORDS"


@pytest.mark.parametrize(
    ("wanted", "language", "how_well"),
    [
        *[("de-AT", "de-AT", 3), ("de-AT", "de-DE", 2), ("de-AT", "de", 2), ("de-AT", "", 1), ("de-AT", "en", 0)],
        *[("", "", 1), ("", "de", 0)],
    ],
)
def test_a_language_fits_so_well(wanted, language, how_well):
    assert fits(wanted, language) == how_well
