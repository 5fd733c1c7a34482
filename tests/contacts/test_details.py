"""What is said of a contact, read strictly."""

from datetime import datetime

import pytest

from contacts.details import Block, Details, HasProblems, Problem, language_of, settled


def wrong(said: Details) -> list[tuple[str, str]]:
    with pytest.raises(HasProblems) as caught:
        settled(said, country="US")
    return [(problem.field, problem.text) for problem in caught.value.problems]


def test_numbers_are_read_in_the_contacts_country_and_each_is_kept_once():
    said = Details(country="de", numbers=(("030 901820", ""), ("+49 30 901820", "office"), ("+1 415 555 0123", "")))

    kept = settled(said, country="US")

    assert kept.country == "DE"
    assert kept.numbers == (("+4930901820", "office"), ("+14155550123", ""))


def test_without_a_country_of_its_own_numbers_are_of_this_places():
    assert settled(Details(numbers=(("(415) 555-0123", "mobile"),)), country="US").numbers == (
        ("+14155550123", "mobile"),
    )


def test_what_is_not_said_stays_not_said():
    assert settled(Details(), country="US") == Details()


def test_texts_are_trimmed_languages_written_as_they_are_kept_and_empty_attributes_left_out():
    kept = settled(
        Details(
            name=" Caller 1 ", language="en-us", attributes={"plan": "gold", "since": ""}, ids=(("CRM", " 7 "),) * 2
        ),
        country="US",
    )

    assert (kept.name, kept.language, kept.attributes, kept.ids) == (
        "Caller 1",
        "en-US",
        {"plan": "gold"},
        (("CRM", "7"),),
    )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Details(name="x" * 121), "name"),
        (Details(name="a\nb"), "name"),
        (Details(language="klingon!"), "language"),
        (Details(country="USA"), "country"),
        (Details(priority=101), "priority"),
        (Details(priority=-1), "priority"),
        (Details(block=Block(True, "x" * 201)), "blocked_because"),
        (Details(block=Block(True, until=datetime(2026, 1, 1))), "blocked_until"),
        (Details(attributes={"Plan A": "x"}), "attributes"),
        (Details(attributes={"plan": "x" * 501}), "attributes"),
        (Details(attributes={f"a{index}": "x" for index in range(51)}), "attributes"),
        (Details(numbers=(("12", ""),)), "numbers"),
        (Details(numbers=(("anonymous", ""),)), "numbers"),
        (Details(numbers=(("+14155550123", "x" * 41),)), "numbers"),
        (Details(ids=(("CRM", " "),)), "external_ids"),
        (Details(ids=(("CRM", "x" * 201),)), "external_ids"),
    ],
)
def test_each_thing_that_cannot_be_kept_names_its_field(said, field):
    assert [found for found, _text in wrong(said)] == [field]


def test_all_that_is_wrong_is_told_at_once():
    assert [field for field, _ in wrong(Details(name="x" * 121, priority=999, numbers=(("12", ""),)))] == [
        "name",
        "priority",
        "numbers",
    ]
    assert str(HasProblems((Problem("name", "is no text"),))) == "name is no text"


@pytest.mark.parametrize(
    ("text", "language"),
    [("de", "de"), ("DE-de", "de-DE"), ("zh-Hant-tw", "zh-Hant-TW"), ("", None), ("e", None), ("en-" + "x" * 20, None)],
)
def test_languages_are_written_in_one_way(text, language):
    assert language_of(text) == language
