"""Tables as files: what every kind of them has in common."""

import pytest

from sheets import table
from sheets.table import Unreadable, Wrong


def column(heading: str) -> str | None:
    name = heading.lower()
    return name if name in ("who", "what") or name.startswith("id:") else None


def read(content: str, **options: str) -> table.Table:
    return table.read(content.encode(), name=column, known="who, what", **options)


def test_rows_are_read_by_column_and_empty_ones_left_out():
    found = read("Who;;WHAT\nann;x;sings\n;;\nben;;\n")

    assert found.columns == {"who", "what"}
    assert [(line.row, dict(line.cells)) for line in found.lines] == [
        (2, {"who": "ann", "what": "sings"}),
        (4, {"who": "ben", "what": ""}),
    ]


def test_cells_beyond_the_heading_are_told():
    assert [line.has_more for line in read("who,what\nann,sings,x\nben,hums,\n").lines] == [True, False]


@pytest.mark.parametrize(
    ("content", "words"),
    [("who,shoe\nann,7\n", "Unknown columns: shoe"), ("who,Who\na,b\n", "twice"), ("who\n", "no rows")],
)
def test_a_heading_that_cannot_be_read_is_refused(content, words):
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_a_needed_column_has_to_be_there():
    with pytest.raises(Unreadable, match="“who” is missing"):
        read("what\nsings\n", needed="who")


def test_headings_that_look_like_formulas_are_read_back():
    text = table.write(["who", "id:-x"], [{"who": "=1", "id:-x": "-2"}])

    assert read(text.removeprefix("\ufeff")).lines[0].cells == {"who": "=1", "id:-x": "-2"}


@pytest.mark.parametrize(("text", "said"), [("", None), ("Yes", True), ("0", False)])
def test_yes_and_no_have_several_spellings(text, said):
    assert table.yes_or_no(text) is said


def test_what_is_neither_yes_nor_no_is_wrong_and_so_are_long_and_hidden_texts():
    with pytest.raises(Wrong):
        table.yes_or_no("perhaps")
    with pytest.raises(Wrong):
        table.plain("xxx", longest=2)
    with pytest.raises(Wrong):
        table.plain("x\x07", longest=9)


def test_a_cell_may_hold_several_parts():
    assert table.parts("a; b,, c;") == ["a", "b", "c"]
