"""Texts are measured as they are billed."""

from decimal import Decimal

import pytest

from messaging.segments import Alphabet, cost, measure

GSM, UCS = Alphabet.GSM7, Alphabet.UCS2


@pytest.mark.parametrize(
    ("text", "places", "segments", "left", "alphabet"),
    [
        ("", 0, 0, 160, GSM),
        ("a" * 160, 160, 1, 0, GSM),
        ("a" * 161, 161, 2, 145, GSM),
        ("a" * 306, 306, 2, 0, GSM),
        ("a" * 307, 307, 3, 152, GSM),
        ("€" * 80, 160, 1, 0, GSM),
        ("€" * 81, 162, 2, 143, GSM),
        # an escape and its character are not parted: the first segment ends one place early
        ("a" * 152 + "€" + "a" * 10, 164, 2, 141, GSM),
        ("Grüße, ÄÖÜ ñ à Ω", 16, 1, 144, GSM),
        ("[tab]", 7, 1, 153, GSM),
        ("я" * 70, 70, 1, 0, UCS),
        ("я" * 71, 71, 2, 63, UCS),
        ("я" * 134, 134, 2, 0, UCS),
        ("я" * 135, 135, 3, 66, UCS),
        ("😀" * 35, 70, 1, 0, UCS),
        ("😀" * 36, 72, 2, 61, UCS),  # 33 pairs fill 66 of 67 places
        ("a" * 66 + "😀" + "a" * 10, 78, 2, 55, UCS),
        ("ç", 1, 1, 69, UCS),  # only the capital one is in the alphabet
        ("“quoted”", 8, 1, 62, UCS),
    ],
)
def test_a_text_takes_so_many_segments(text, places, segments, left, alphabet):
    length = measure(text)

    assert (length.places, length.segments, length.left, length.alphabet) == (places, segments, left, alphabet)
    assert length.characters == len(text)


def test_the_characters_are_named_that_make_it_dearer():
    assert measure("Garçon “ça” va 😀").culprits == "ç“”😀"
    assert measure("plain {text}").culprits == ""


@pytest.mark.parametrize(("characters", "is_too_long"), [(1600, False), (1601, True)])
def test_twilio_takes_so_many_characters(characters, is_too_long):
    assert measure("x" * characters).is_too_long is is_too_long


def test_each_segment_costs_the_same():
    assert cost(3, Decimal("0.0079")) == Decimal("0.0237")
