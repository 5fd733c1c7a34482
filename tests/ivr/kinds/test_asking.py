import pytest

from ivr.kinds.asking import by_keys, by_words, hints, key_limits, normal
from ivr.kinds.base import Option


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("  Sales,  please! ", "sales please"),
        ("Español", "espanol"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("one-two_three", "one two three"),
        ("don't", "don t"),
        ("営業部", "営業部"),
        ("#1", "#1"),
        ("…", ""),
    ],
)
def test_words_are_compared_without_case_accents_and_punctuation(words, expected):
    assert normal(words) == expected


def test_an_option_without_keys_is_never_chosen_by_keys():
    assert by_keys([Option("Words only", words=("sales",)), Option("One", "1")], "") is None
    assert by_keys([Option("Words only", words=("sales",)), Option("One", "1")], "1") == 1


def test_a_key_that_is_said_counts_as_pressed():
    assert by_words([Option("Long", "12")], "1 2.") == (0, "12")


def test_words_without_letters_match_nothing():
    assert by_words([Option("Odd", words=("…",))], "anything …") is None


def test_without_keys_one_key_is_awaited_and_without_words_nothing_is_hinted():
    assert key_limits([Option("Words only", words=("sales",))]) == (1, "#")
    assert hints([Option("One", "1")]) is None


def test_hints_come_once_each_and_commas_do_not_split_them():
    assert hints([Option("A", words=("yes, please", "sales")), Option("B", words=("sales",))]) == "yes please,sales"
