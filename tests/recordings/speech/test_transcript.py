from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.speech.transcript import (
    NotATranscript,
    Segment,
    Transcript,
    Word,
    from_json,
    ordered,
    timed,
    to_json,
)
from tests.recordings.speech.factories import segment, worded

seconds = st.floats(0, 20_000, allow_nan=False)
words = st.builds(Word, st.text(min_size=1), seconds, seconds)
plain = st.builds(Segment, seconds, seconds, st.text(), st.text(), st.none() | st.floats(0, 1), st.just(()))
with_words = st.lists(words, min_size=1, max_size=5).map(
    lambda found: Segment(0.0, 1.0, "agent", " ".join(word.text for word in found), None, tuple(found))
)
transcripts = st.builds(
    Transcript,
    st.lists(plain | with_words, max_size=5).map(tuple),
    st.text(),
    st.text(),
    st.text(),
    st.none() | st.decimals(0, 1000, places=4),
    st.text(),
)


@given(transcripts)
def test_what_is_written_is_read_again(made):
    assert from_json(to_json(made)) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "3",
        '{"format": 1}',
        '{"format": 2, "language": "en", "provider": "", "version": "", "cost": null, "currency": "", "segments": []}',
        to_json(Transcript((segment("Hello"),), "en", "", "")).replace('"start": 0.0', '"start": "0"'),
        to_json(Transcript((segment("Hello"),), "en", "", "")).replace('"start": 0.0', '"start": NaN'),
        to_json(Transcript((segment("Hello"),), "en", "", "")).replace('"Hello"', "null"),
        to_json(Transcript((worded("Hello there"),), "en", "", "")).replace('["there",', '["their",'),
        to_json(Transcript((), "en", "", "", Decimal(1))).replace('"1"', '"one"'),
        "[" * 100_000,
    ],
)
def test_what_is_no_transcript_is_named_so_without_its_words(text):
    with pytest.raises(NotATranscript, match="no stored transcript") as raised:
        from_json(text)

    assert "Hello" not in str(raised.value)


def test_channels_are_laid_in_the_order_in_which_people_begin():
    agent = [segment("Hello", start=0.5, speaker="agent"), segment("How can I help?", start=4.0, speaker="agent")]
    customer = [segment("Hi", start=0.5, end=1.0), segment("My account", start=7.0)]

    assert [entry.text for entry in ordered([agent, customer])] == ["Hi", "Hello", "How can I help?", "My account"]


def test_the_text_of_a_segment_is_that_of_its_words():
    with pytest.raises(ValueError, match="not that of its words"):
        Segment(0.0, 1.0, "agent", "Hello there", words=(Word("Hello", 0.0, 0.5),))


def test_words_that_are_listed_bare_or_in_pieces_get_the_writing_of_the_text():
    listed = [Word("well", 0.0, 0.2), Word("4111", 0.5, 0.8), Word("1111", 0.8, 1.0), Word("it's", 1.2, 1.4)]

    found = timed("Well, 4111-1111 – it’s", listed)

    assert found == (Word("Well,", 0.0, 0.2), Word("4111-1111 –", 0.5, 1.0), Word("it’s", 1.2, 1.4))
    assert Segment(0.0, 2.0, "agent", "Well, 4111-1111 – it’s", words=found).words == found


@pytest.mark.parametrize("text", ["Well then", "Well 41", "– Well", "Well well well"])
def test_words_that_are_not_those_of_the_text_have_no_times(text):
    assert timed(text, [Word("well", 0.0, 0.2), Word("4111", 0.5, 0.8)]) == ()


def test_the_whole_text_has_a_line_for_each_segment():
    assert Transcript((segment("One."), segment("Two.")), "en", "", "").text == "One.\nTwo."
