"""The CSV file of agents: every way in which spreadsheets write it, and everything that may be wrong in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agents.exchange import sheet
from agents.exchange.sheet import read
from agents.states import EndpointKind
from sheets import table
from sheets.table import Problem, Unreadable

HEADING = "username,email,name,team,languages,skills,endpoints,active"
ANN = "ann,ann@company.example,Zoë,Support,en-US;de-DE,sales:7;german:3,browser;+14155550177,yes"


def rows(content, country="US"):
    content = content if isinstance(content, bytes) else content.encode()
    found = read(content, country=country)
    assert found.problems == ()
    return found.rows


def only(**cells):
    """Read a file of one row with these cells, each quoted."""
    cells = {"username": "ann"} | cells
    quoted = ['"{}"'.format(cell.replace('"', '""')) for cell in cells.values()]
    found = read(f"{','.join(cells)}\r\n{','.join(quoted)}\r\n".encode(), country="US")
    return found.rows[0] if found.rows else found.problems


def test_a_row_is_read_with_all_that_it_says():
    (ann,) = rows(f"{HEADING}\n{ANN}\n")

    assert (ann.row, ann.username, ann.email, ann.name, ann.team) == (2, "ann", "ann@company.example", "Zoë", "Support")
    assert ann.languages == ("en-US", "de-DE")
    assert ann.skills == (("sales", 7), ("german", 3))
    assert ann.endpoints == ((EndpointKind.BROWSER, ""), (EndpointKind.NUMBER, "+14155550177"))
    assert ann.active is True


TEXT = f"{HEADING}\r\n{ANN}\r\n"
SEMICOLONS = (
    "username;email;name;team;languages;skills;endpoints;active\r\n"
    'ann;ann@company.example;Zoë;Support;"en-US;de-DE";"sales:7;german:3";"browser;+14155550177";yes\r\n'
)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp1252"),
        SEMICOLONS.encode("utf-8-sig"),
        SEMICOLONS.encode("cp1252"),
        ("sep=;\r\n" + SEMICOLONS).encode("utf-8-sig"),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace("\r\n", "\n").rstrip().encode(),
        TEXT.replace("\r\n", "\r\n\r\n").encode(),
        (TEXT + ",,,,,,,\r\n").encode(),
        TEXT.replace("username", " Username ").encode(),
    ],
)
def test_it_does_not_matter_which_program_wrote_the_file(content):
    (ann,) = rows(content)

    assert (ann.username, ann.name, ann.skills[1]) == ("ann", "Zoë", ("german", 3))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"username\n", "no rows"),
        (b"username,name\n,\n", "no rows"),
        (b"name\nAnn\n", "“username” is missing"),
        (b"username,shoe\nann,7\n", "Unknown columns: shoe"),
        (b"username,name,name\nann,a,b\n", "twice"),
        (b'username,name\nann,"Ann\n', "no CSV file"),
        (b"\x81\x8d\x8f", "no text"),
        (b"username\n" + b"a" * table.MOST_BYTES, "larger"),
        (b"username\n" + b"ann\n" * table.MOST_ROWS, "more than"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_why(content, words):
    with (
        pytest.raises(Unreadable, match=words.replace("CSV file", ""))
        if "CSV" not in words
        else pytest.raises(Unreadable, match="not a CSV file")
    ):
        read(content, country="US")


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("username", "", "is missing"),
        ("username", "ann smith", "may hold letters, digits and @ . + - _ only"),
        ("username", "a" * 151, "is longer than 150 characters"),
        ("email", "ann", "“ann” is no e-mail address"),
        ("name", "A\x07nn", "has characters that cannot be shown"),
        ("name", "A" * 81, "is longer than 80 characters"),
        ("team", "T" * 81, "is longer than 80 characters"),
        ("languages", "en-US;klingon!", "“klingon!” is no language such as en-US"),
        ("skills", "sales", "“sales” is no skill with a level from 1 to 10, such as sales:7"),
        ("skills", "sales:0", "“sales:0” is no skill with a level from 1 to 10, such as sales:7"),
        ("skills", "sales:11", "“sales:11” is no skill with a level from 1 to 10, such as sales:7"),
        ("skills", "sales:٣", "“sales:٣” is no skill with a level from 1 to 10, such as sales:7"),
        ("skills", ":7", "the name of a skill has 1 to 80 characters"),
        ("skills", "sales:7;Sales:8", "“Sales” is there twice"),
        ("endpoints", "fax", "“fax” is neither browser nor a telephone number nor a SIP address"),
        ("endpoints", "browser;Browser", "an endpoint is there twice"),
        ("endpoints", "415-555-0177;+14155550177", "an endpoint is there twice"),
        ("active", "perhaps", "“perhaps” is neither yes nor no"),
    ],
)
def test_what_is_wrong_in_a_cell_is_told_with_row_and_column(column, cell, text):
    assert only(**{"name": "Ann", column: cell}) == (Problem(2, column, text),)


def test_each_wrong_cell_of_a_row_is_told_and_the_right_rows_stay():
    found = read(b"username,email,active\nann,x,maybe\nben,,yes\nben,,no\ncem,,,more\n", country="US")

    assert [(problem.row, problem.column) for problem in found.problems] == [
        (2, "email"), (2, "active"), (4, "username"), (5, ""),
    ]  # fmt: skip
    assert [row.username for row in found.rows] == ["ben"]


def test_empty_cells_say_nothing_is_there():
    ann = only(email="", team="", languages="", skills=" ; ", endpoints="", active="")

    assert (ann.email, ann.team, ann.languages, ann.skills, ann.endpoints, ann.active) == ("", "", (), (), (), None)


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        ("BROWSER", (EndpointKind.BROWSER, "")),
        ("(415) 555-0177", (EndpointKind.NUMBER, "+14155550177")),
        ("+44 20 7946 0018", (EndpointKind.NUMBER, "+442079460018")),
        ("sip:ann@company.example", (EndpointKind.SIP, "sip:ann@company.example")),
    ],
)
def test_endpoints_are_read_in_each_of_their_forms(cell, read_as):
    assert only(endpoints=cell).endpoints == (read_as,)


def test_a_skill_may_have_a_colon_in_its_name_and_commas_separate_too():
    assert only(skills="level: two:3, b:10").skills == (("level: two", 3), ("b", 10))


def test_languages_are_written_as_the_standard_does():
    assert only(languages="EN-us;DE;en-US;es-419;zh-Hans-CN").languages == ("en-US", "de", "es-419", "zh-Hans-CN")


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "＝1", "='x'"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_an_export_is_a_formula(cell):
    text = sheet.write([dict.fromkeys(sheet.COLUMNS, cell)])

    assert text.startswith("\ufeffusername")
    for written in text.splitlines()[1].split(","):
        assert written.strip('"').startswith("'")


plain = some.text(some.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(plain)
def test_what_was_written_is_read_back(name):
    text = sheet.write([dict.fromkeys(sheet.COLUMNS, "") | {"username": "ann", "name": name}])

    (row,) = rows(text)
    assert row.name == name


@given(some.binary(max_size=300) | some.text(max_size=300).map(lambda text: f"username,name\n{text}".encode()))
def test_any_bytes_are_read_or_refused(content):
    try:
        found = read(content, country="US")
    except Unreadable:
        return
    assert found.rows or found.problems
