import json
import re

import pytest
from django.db import connection

from retention.traces import hidden_in, pattern

AMERICAN, GERMAN, SHORT = "+14155550123", "+4930123456", "+29012345"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (AMERICAN, "+14155550123"),
        (AMERICAN, "ring +1 (415) 555-0123 now"),
        (AMERICAN, "From=%2B14155550123&To=x"),
        (AMERICAN, "4155550123"),
        (AMERICAN, "415.555.0123"),
        (AMERICAN, "001 415 555 0123"),
        (AMERICAN, "14155550123"),
        (AMERICAN, "tel:+14155550123;x=1"),
        (GERMAN, "030 / 12 34 56"),
        (GERMAN, "+49 (0) 30 123456"),
        (GERMAN, "0049-30-123456"),
        (SHORT, "+290 12345"),
        (SHORT, "29012345"),
    ],
)
@pytest.mark.django_db
def test_a_number_is_found_however_it_is_written_here_and_in_the_database(number, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s ~ %s", [text, pattern(number)])
        (found,) = cursor.fetchone()

    assert found
    assert re.search(pattern(number), text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (AMERICAN, "+14155550124"),
        (AMERICAN, "+141555501234"),
        (AMERICAN, "94155550123"),
        (AMERICAN, "555-0123"),
        (AMERICAN, "CA41555501230000000000000000000000"),
        (SHORT, "12345"),
        (SHORT, "room 12345"),
    ],
)
@pytest.mark.django_db
def test_another_number_is_not(number, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s ~ %s", [text, pattern(number)])
        (found,) = cursor.fetchone()

    assert not found
    assert not re.search(pattern(number), text)


def test_it_is_hidden_in_texts_and_in_json_which_stays_json():
    data = {
        "targets": ["+14155550123", "+14155550199"],
        "note": "ring 415 555 0123, twice",
        "+14155550123": 4155550123,
        "seconds": 12,
        "done": True,
        "share": 0.5,
        "nothing": None,
    }

    hidden = hidden_in(data, re.compile(pattern(AMERICAN)), "+1415****123")

    assert hidden == {
        "targets": ["+1415****123", "+14155550199"],
        "note": "ring +1415****123, twice",
        "+1415****123": "+1415****123",
        "seconds": 12,
        "done": True,
        "share": 0.5,
        "nothing": None,
    }
    assert not re.search(pattern(AMERICAN), json.dumps(hidden))
