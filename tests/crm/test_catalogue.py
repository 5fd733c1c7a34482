import re

import pytest
from jsonschema import Draft202012Validator

from crm.catalogue import TYPES, with_numbers_hidden
from tests.crm.schemas import check


@pytest.mark.parametrize("name", TYPES)
def test_each_example_fits_its_schema(name):
    Draft202012Validator.check_schema(TYPES[name].schema)

    check(name, TYPES[name].example)


@pytest.mark.parametrize("name", TYPES)
def test_each_type_is_named_in_the_past_tense_and_told_in_a_sentence(name):
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", name)
    assert len(name) <= 40
    assert re.search(r"(ed|rang|left|made|withdrawn|available)$", name)
    assert TYPES[name].told.endswith(".")
    assert TYPES[name].permission.count(".") == 1


def test_numbers_are_hidden_wherever_the_schema_says_that_one_stands():
    data = TYPES["call.completed"].example

    shown = with_numbers_hidden("call.completed", data, lambda number: "hidden")

    assert shown["call"]["from_number"] == shown["legs"][0]["to_number"] == "hidden"
    assert shown["call"]["sid"] == data["call"]["sid"]
    assert data["call"]["from_number"] == "+12025550142"


@pytest.mark.parametrize("name", TYPES)
def test_no_number_of_an_example_is_left_where_numbers_are_hidden(name):
    assert "+1202555" not in str(with_numbers_hidden(name, TYPES[name].example, lambda number: "hidden"))
