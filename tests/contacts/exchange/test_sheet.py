"""The CSV file of contacts: what a row says, and what may be wrong in it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from contacts.exchange.sheet import read, write
from sheets.table import Unreadable

ID = "6f1c4d3e-27a2-4f0c-9a0e-0d3a3a3f9a10"


def only(**cells):
    quoted = ['"{}"'.format(cell.replace('"', '""')) for cell in cells.values()]
    heading = ",".join(name.replace("__", ":") for name in cells)
    found = read(f"{heading}\r\n{','.join(quoted)}\r\n".encode())
    return found.rows[0] if found.rows else [(problem.column, problem.text) for problem in found.problems]


def test_a_row_is_read_with_all_that_it_says():
    row = only(
        id=ID,
        name="Caller 1",
        numbers="+1 415 555 0123 (mobile); (415) 555-0124",
        vip="yes",
        priority="20",
        blocked="no",
        blocked_until="2026-12-31 18:00",
        do_not_call="",
        id__CRM="A,7; B",
        attribute__plan="gold",
    )

    assert (row.id, row.name, row.vip, row.priority, row.blocked, row.do_not_call) == (
        UUID(ID), "Caller 1", True, 20, False, None,
    )  # fmt: skip
    assert row.numbers == (("+1 415 555 0123", "mobile"), ("(415) 555-0124", ""))
    assert row.blocked_until == datetime(2026, 12, 31, 18, 0, tzinfo=UTC)
    assert (row.ids, row.attributes) == ({"CRM": ("A,7", "B")}, {"plan": "gold"})


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("id", "7"),
        ("priority", "many"),
        ("vip", "perhaps"),
        ("blocked_until", "tomorrow"),
        ("blocked_until", "2026-13-45"),
        ("name", "a\x07"),
        ("id__CRM", "x" * 201),
        ("attribute__plan", "x" * 501),
    ],
)
def test_what_is_wrong_in_a_cell_is_told_with_its_column(column, cell):
    assert [name for name, _text in only(**{column: cell})] == [column.replace("__", ":")]


@pytest.mark.parametrize("heading", ["shoe", "id:", "attribute:Two Words", "attribute:"])
def test_columns_that_are_unknown_are_refused(heading):
    with pytest.raises(Unreadable, match="Unknown columns"):
        read(f"name,{heading}\nCaller 1,x\n".encode())


def test_what_was_written_is_read_back():
    text = write(["CRM"], ["plan"], [{"name": "=Caller", "numbers": "+14155550123 (a)", "id:CRM": "-7"}])

    (row,) = read(text.encode()).rows
    assert (row.name, row.numbers, row.ids, row.attributes) == (
        "=Caller", (("+14155550123", "a"),), {"CRM": ("-7",)}, {"plan": ""},
    )  # fmt: skip
