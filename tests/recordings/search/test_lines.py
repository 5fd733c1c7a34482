import pytest

from recordings.models import Transcript
from recordings.search import asking, lines
from recordings.search.lines import Line, pieces
from recordings.search.words import parse
from tests.recordings.search.spoken import say

pytestmark = pytest.mark.django_db


def found(transcript: Transcript, typed: str) -> list[Line]:
    wanted = parse(typed)
    queries = asking.asked(wanted, [transcript.language]) if wanted else None
    return list(lines.of([transcript], queries).get(transcript.pk, ()))


def marked(line: Line) -> list[str]:
    return [text for text, is_marked in line.pieces if is_marked]


def test_the_lines_that_have_the_words_are_given_with_their_second_and_their_words_marked() -> None:
    transcript = say("Hello.", "You wanted refunds?", "Yes, a refund.", "Gladly.")

    shown = found(transcript, "refund")

    assert [(line.start, line.speaker, line.text) for line in shown] == [
        (10.0, "Ann", "You wanted refunds?"),
        (20.0, "Customer", "Yes, a refund."),
    ]
    assert [marked(line) for line in shown] == [["refunds"], ["refund"]]


def test_where_lines_have_the_phrase_those_with_a_word_of_it_are_left_out() -> None:
    transcript = say("The tire.", "A flat tire!", "My tire.")

    shown = found(transcript, '"flat tire"')

    assert [line.start for line in shown] == [10.0]
    assert marked(shown[0]) == ["flat", "tire"]


def test_of_many_lines_the_first_are_shown() -> None:
    shown = found(say(*["A refund."] * 9), "refund")

    assert [line.start for line in shown] == [0.0, 10.0, 20.0]


def test_a_phrase_that_runs_into_the_next_line_is_shown_by_its_words() -> None:
    transcript = say("It is flat", "Tire, I said.")

    shown = found(transcript, '"flat tire"')

    assert [marked(line) for line in shown] == [["flat"], ["Tire"]]


def test_excluded_words_are_not_marked() -> None:
    transcript = say("A refund to the bank.")

    (line,) = found(transcript, "refund -card")

    assert marked(line) == ["refund"]


def test_each_transcript_is_marked_by_its_own_language() -> None:
    german, english = say("Die Rechnungen kamen.", language="de-DE"), say("Rechnung, she said.")
    wanted = parse("rechnung")
    assert wanted is not None

    shown = lines.of([german, english], asking.asked(wanted, ["de-DE", "en-US"]))

    assert marked(shown[german.pk][0]) == ["Rechnungen"]
    assert marked(shown[english.pk][0]) == ["Rechnung"]


def test_without_words_the_first_line_is_shown() -> None:
    assert [line.text for line in found(say("Hello.", "Gladly."), "")] == ["Hello."]
    assert found(say(), "") == []


def test_no_markup_comes_from_what_was_said() -> None:
    transcript = say("A <b>refund</b> & more")

    (line,) = found(transcript, "refund")

    assert marked(line) == ["refund"]
    assert all(isinstance(text, str) and not hasattr(text, "__html__") for text, _is_marked in line.pieces)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("plain", (("plain", False),)),
        ("a \ue000b\ue001 c", (("a ", False), ("b", True), (" c", False))),
        ("\ue000b\ue001", (("b", True),)),
        ("a\ue001 \ue000b", (("a ", False), ("b", True))),
        ("", ()),
    ],
)
def test_a_text_is_cut_at_its_marks(text: str, cut: tuple[tuple[str, bool], ...]) -> None:
    assert pieces(text) == cut
