import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.search.words import LONGEST, MOST_TERMS, Near, Unclear, Wanted, Why, parse


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("refund", Wanted(("refund",))),
        ("  Refund\n card ", Wanted(("Refund", "card"))),
        ("refund refund", Wanted(("refund",))),
        ('"flat tire"', Wanted(("flat tire",))),
        ('late "flat tire" refund', Wanted(("late", "flat tire", "refund"))),
        ("flat NEAR tire", Wanted(near=(Near("flat", "tire"),))),
        ("my flat NEAR tire soon", Wanted(("my", "soon"), (Near("flat", "tire"),))),
        ("a NEAR b NEAR c", Wanted(near=(Near("a", "b"), Near("b", "c")))),
        ('"flat tire" NEAR tow', Wanted(near=(Near("flat tire", "tow"),))),
        ("flat near tire", Wanted(("flat", "near", "tire"))),
        ("refund -card", Wanted(("refund",), excluded=("card",))),
        ('-"credit card" refund', Wanted(("refund",), excluded=("credit card",))),
        ("e-mail", Wanted(("e-mail",))),
        ("refund - card", Wanted(("refund", "card"))),
        ("refund ... !? &", Wanted(("refund",))),
        ('refund ""', Wanted(("refund",))),
        ("\u201cflat tire\u201d", Wanted(("flat tire",))),
        ("\u201eplatter Reifen\u201c", Wanted(("platter Reifen",))),
        ("\u00abpneu plat\u00bb", Wanted(("pneu plat",))),
        ("refund \u2013card", Wanted(("refund",), excluded=("card",))),
        ("re\x00fund", Wanted(("re", "fund"))),
        ("flat:* | !tire <-> (x)", Wanted(("flat:*", "!tire", "(x)"))),
        ("Größe café 訂單", Wanted(("Größe", "café", "訂單"))),
        ("", None),
        (" \t\n", None),
        ("\x00", None),
    ],
)
def test_what_is_typed_is_read(typed: str, wanted: Wanted | None) -> None:
    assert parse(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ('"flat tire', Why.QUOTE),
        ('flat" tire "now"', Why.QUOTE),
        ("-card", Why.ONLY_EXCLUDED),
        ('-card -"two words"', Why.ONLY_EXCLUDED),
        ("...", Why.NO_WORD),
        ('""', Why.NO_WORD),
        ("NEAR", Why.NEAR),
        ("NEAR tire", Why.NEAR),
        ("flat NEAR", Why.NEAR),
        ("flat NEAR NEAR tire", Why.NEAR),
        ("flat NEAR -tire", Why.NEAR),
        ("x" * (LONGEST + 1), Why.TOO_LONG),
        (" ".join(map(str, range(MOST_TERMS + 1))), Why.TOO_MANY),
    ],
)
def test_what_cannot_be_looked_for_has_a_reason(typed: str, why: Why) -> None:
    with pytest.raises(Unclear) as raised:
        parse(typed)

    assert raised.value.why == why


@given(st.one_of(st.text(), st.text(alphabet='ab"- NEAR\u201c\x00', max_size=40)))
def test_whatever_is_typed_is_read_or_has_a_reason(typed: str) -> None:
    try:
        wanted = parse(typed)
    except Unclear:
        return
    assert wanted is None or wanted.every_text
    assert wanted is None or all("\x00" not in text for text in (*wanted.every_text, *wanted.excluded))


def test_each_text_that_marks_a_line_is_there_once() -> None:
    wanted = parse('tire "flat tire" flat NEAR tire -card')

    assert wanted is not None
    assert wanted.every_text == ("tire", "flat tire", "flat")
