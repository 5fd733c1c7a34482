from types import SimpleNamespace

import pytest
from rest_framework import serializers

from telephony.fields import Number, sees_numbers
from tests.recordings.factories import make_user


class Called(serializers.Serializer):
    number = Number()


@pytest.mark.parametrize("written", ["+14155550123", "(415) 555-0123", "+1 415 555 01 23"])
def test_a_number_is_read_however_it_is_written(written):
    shape = Called(data={"number": written})

    assert shape.is_valid()
    assert shape.validated_data["number"] == "+14155550123"


@pytest.mark.parametrize("written", ["", "12", "client:ann", "anonymous", "+1 415 555 0123 ext. 7", "x" * 50])
def test_what_is_no_number_is_refused(written):
    assert not Called(data={"number": written}).is_valid()


@pytest.mark.django_db
def test_a_number_is_whole_only_for_who_may_see_it():
    rows = [
        Called({"number": "+14155550123"}, context={"request": SimpleNamespace(user=who)}).data["number"]
        for who in (make_user("ann", "calls.view_numbers"), make_user("bob"), None)
    ]

    assert rows == ["+14155550123", "+1415****123", "+1415****123"]
    assert Called({"number": "+14155550123"}).data["number"] == "+1415****123"
    assert not sees_numbers(None)
