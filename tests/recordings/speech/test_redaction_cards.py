"""Card numbers in many forms: nothing of them is left, in the text or in the words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from recordings.speech.redaction import Kind, redacted
from recordings.speech.transcript import Segment, Transcript, Word
from tests.recordings.speech.factories import segment, transcript, worded
from tests.recordings.speech.spoken import TWICE, UNITS, said, written

BRANDS = [("4", 16), ("4", 13), ("4", 19), ("51", 16), ("2720", 16), ("34", 15), ("37", 15), ("6011", 16), ("65", 19)]
BRANDS += [("3528", 16), ("36", 14), ("62", 17), ("50", 13)]
BEFORE = {"en": "So the thing is", "de": "Also das ist die", "es": "Pues mira la cosa es", "fr": "Bon voilà la chose"}
AFTER = {"en": "there you go", "de": "bitte sehr", "es": "muchas gracias", "fr": "merci beaucoup"}
LANGUAGES = sorted(BEFORE)


@st.composite
def card_numbers(draw):
    begin, length = draw(st.sampled_from(BRANDS))
    rest = draw(st.text("0123456789", min_size=length - len(begin) - 1, max_size=length - len(begin) - 1))
    return begin + rest + luhn.calc_check_digit(begin + rest)


@st.composite
def readings(draw, language):
    """Give a card number as its words, spoken or written."""
    number = draw(card_numbers())
    if draw(st.booleans()):
        return draw(said(number, language))
    return draw(written(number)).split(" ")


@st.composite
def conversations(draw, language):
    """Give a conversation in which a card number is read, in one breath or in several, the agent agreeing between."""
    words = draw(readings(language))
    cuts = sorted(draw(st.sets(st.integers(1, max(len(words) - 1, 1)), max_size=3)))
    pieces = [words[start:end] for start, end in zip([0, *cuts], [*cuts, len(words)], strict=True)]
    pieces = [piece for piece in pieces if piece]
    pieces[0] = [*BEFORE[language].split(), *pieces[0]]
    pieces[-1] = [*pieces[-1], *AFTER[language].split()]
    with_times = draw(st.booleans())
    segments, at = [], 0.0
    for piece in pieces:
        made = worded(" ".join(piece), start=at) if with_times else segment(" ".join(piece), start=at, end=at + 4)
        segments.append(made)
        at = made.end + 1
        if piece is not pieces[-1] and draw(st.booleans()):
            segments.append(segment("Mhm", start=at - 0.5, end=at - 0.2, speaker="agent"))
    return transcript(*segments, language=draw(st.sampled_from([language, f"{language}-XX"])))


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
def test_nothing_of_a_card_number_is_left(language, data):
    conversation = data.draw(conversations(language))

    result = redacted(conversation, country="US")

    text = result.transcript.text
    left = set(re.findall(r"\w+", text.casefold()))
    numbers = set(UNITS[language]) | {TWICE[language]} | {"oh", "o", "nought"}
    numbers -= set(BEFORE[language].casefold().split())
    assert not re.search(r"\d", text), text
    assert not left & numbers, text
    assert text.startswith(BEFORE[language])
    assert text.endswith(AFTER[language])
    assert {finding.kind for finding in result.findings} == {Kind.CARD}


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
def test_a_card_number_is_silenced_as_long_as_it_is_read(language, data):
    conversation = data.draw(conversations(language))

    result = redacted(conversation, country="US")

    for entry in conversation.segments:
        said_here = [finding for finding in result.findings if entry.start <= finding.start < entry.end]
        for word in entry.words:
            digits = re.search(r"\d", word.text) or word.text.casefold() in UNITS[language]
            if digits and word.text not in BEFORE[language].split():
                assert any(finding.start <= word.start and word.end <= finding.end for finding in said_here), word
        if entry.speaker == "agent":
            assert not said_here
    assert all(finding.speaker == "customer" for finding in result.findings)


@pytest.mark.parametrize(
    "text",
    [
        "４１１１ １１１１ １１１１ １１１１",
        "٤١١١ ١١١١ ١١١١ ١١١١",
        "4111-eleven eleven-1111 one one one one",
        "it is 4111, hold on, let me see, 1111, yes that is right, 1111, and 1111",
        "just a moment, 4111111111111111 12 27 123",
        "4111111111111111123",
        "Forty-One Eleven ELEVEN eleven Eleven eleven Eleven eleven",
        "four thousand one hundred eleven, eleven eleven, eleven eleven, eleven eleven",
        "triple four double two, four two four two, double four triple two two",
        "(4111) (1111) (1111) (1111)",
        "4 1 1 1 to 1 1 1 1 for 1 1 1 1 1 1 1 1",
        "4111:1111:1111:1111",
    ],
)
def test_a_card_number_is_found_however_it_is_read(text):
    result = redacted(transcript(f"Well {text} bye"), country="US")

    assert not re.search(r"\d|one|two|four|eleven", result.transcript.text, re.IGNORECASE), result.transcript.text
    assert Kind.CARD in {finding.kind for finding in result.findings}


def test_a_misheard_card_number_is_hidden_where_a_card_was_spoken_of():
    asked = segment("May I have the card number, please?", speaker="agent")
    read = segment("4111 1111 1111 1112", start=3.0)

    assert redacted(transcript(asked, read), country="US").transcript.segments[1].text == "[card number]"
    assert redacted(transcript(read), country="US").findings == ()


def test_a_card_that_was_spoken_of_long_ago_does_not_make_a_number_its_own():
    asked = segment("You can pay by card, too.", speaker="agent")
    read = segment("My order is 4111 1111 1111 1112", start=60.0)

    assert redacted(transcript(asked, read), country="US").findings == ()


def test_what_the_agent_reads_back_is_hidden_too():
    result = redacted(
        transcript(
            segment("4111 1111", speaker="agent", start=1.0),
            segment("It is 4111 1111 1111 1111", start=3.0),
            segment("So the one that ends with 1111", speaker="agent", start=6.0),
        ),
        country="US",
    )

    assert result.transcript.text == "[card number]\nIt is [card number]\nSo the one that ends with [card number]"
    assert [finding.speaker for finding in result.findings] == ["agent", "customer", "agent"]


def test_words_with_times_narrow_what_is_silenced_and_keep_their_punctuation():
    read = worded("My card is (4111 1111 1111 1111), thanks", start=10.0)

    result = redacted(transcript(read), country="US")

    (entry,) = result.transcript.segments
    assert entry.text == "My card is ([card number]), thanks"
    assert entry.words[3] == Word("([card number]),", 11.5, 13.5)
    assert [(finding.start, finding.end) for finding in result.findings] == [(11.5, 13.5)]


def test_without_times_of_words_the_whole_segment_is_silenced():
    result = redacted(transcript(Segment(2.0, 9.0, "both", "Visa 4111111111111111 thanks")), country="US")

    assert result.transcript.segments[0].text == "Visa [card number] thanks"
    assert [(finding.speaker, finding.start, finding.end) for finding in result.findings] == [("both", 2.0, 9.0)]


def test_two_numbers_long_apart_are_not_put_together():
    first, second = segment("4111 1111"), segment("1111 1111", start=120.0)

    assert redacted(Transcript((first, second), "en", "", ""), country="US").findings == ()


def test_a_breath_may_stand_between_double_and_its_digit():
    result = redacted(
        transcript("It is four double", "one one triple one", "double four one one one one, five"), country="US"
    )

    assert [entry.text for entry in result.transcript.segments][1:] == ["[card number]", "[card number]"]
