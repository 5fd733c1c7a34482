import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompts.speech import pieces


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("", 10, []),
        ("  ", 10, []),
        ("Short.", 10, ["Short."]),
        ("One two. Three four! Five?", 12, ["One two.", "Three four!", "Five?"]),
        ("One two. Three four! Five?", 21, ["One two. Three four!", "Five?"]),
        ('He said "no." Then left.', 16, ['He said "no."', "Then left."]),
        ("First line\nSecond line", 12, ["First line", "Second line"]),
        ("One, two, three", 10, ["One, two,", "three"]),
        ("alpha beta gamma", 11, ["alpha beta", "gamma"]),
        ("abcdefgh", 3, ["ab", "cd", "ef", "gh"]),
        ("今日は。明日は。", 4, ["今日は。", "明日は。"]),
        ("Long sentence, with a clause. Next one.", 20, ["Long sentence,", "with a clause.", "Next one."]),
    ],
)
def test_text_is_split_at_the_best_border_there_is(text, limit, expected):
    assert pieces(text, limit) == expected


@given(st.text(alphabet="ab .,!\nß。", max_size=300), st.integers(1, 40))
def test_pieces_keep_to_the_limit_and_lose_no_letter(text, limit):
    found = pieces(text, limit)

    assert all(0 < len(piece) <= limit for piece in found)
    assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", text)


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=5), max_size=30), st.integers(5, 30))
def test_words_that_fit_are_never_cut_nor_joined(words, limit):
    assert " ".join(pieces(" ".join(words), limit)).split() == words


def test_another_way_of_counting_is_obeyed():
    found = pieces("ä" * 100, 60, lambda text: 6 * len(text))

    assert all(len(piece) <= 10 for piece in found)
    assert "".join(found) == "ä" * 100
