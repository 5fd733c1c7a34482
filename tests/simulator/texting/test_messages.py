import pytest

from simulator.texting.messages import keyword, segments


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # two places each
        ("€" * 81, 2),
        ("日" * 70, 1),
        ("日" * 71, 2),
        ("a" * 69 + "日", 1),
        ("😀" * 35, 1),  # two places each
        ("😀" * 36, 2),
        ("ç" * 70, 1),  # not of the alphabet, though its capital is
        ("ç" * 71, 2),
    ],
)
def test_a_text_takes_as_many_messages_of_the_network_as_its_alphabet_needs(body, expected):
    assert segments(body) == expected


@pytest.mark.parametrize(("body", "expected"), [(" stop\n", "STOP"), ("Stop  please", "STOP PLEASE"), ("x" * 31, "")])
def test_a_keyword_is_the_whole_text(body, expected):
    assert keyword(body) == expected
