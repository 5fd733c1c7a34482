from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from rest_framework.request import Request

from rest import conditional
from rest.problems import Problem

ROW = SimpleNamespace(version=3, name="Sales")
PRESENT = conditional.etag(ROW, ("version",))


def asked(**headers: str) -> Request:
    return Request(RequestFactory(headers=headers).patch("/"))


def test_a_version_changes_with_its_fields_alone():
    assert conditional.etag(SimpleNamespace(version=3, name="Other"), ("version",)) == PRESENT
    assert conditional.etag(SimpleNamespace(version=4, name="Sales"), ("version",)) != PRESENT


@pytest.mark.parametrize("wanted", ["*", PRESENT, f'"other", {PRESENT}'])
def test_a_write_for_the_present_version_passes(wanted):
    conditional.check(asked(**{"If-Match": wanted}), PRESENT)


@pytest.mark.parametrize("wanted", ['"other"', f"W/{PRESENT}", "nonsense", ""])
def test_a_write_for_any_other_version_is_refused(wanted):
    with pytest.raises(Problem) as refused:
        conditional.check(asked(**{"If-Match": wanted}), PRESENT)

    assert refused.value.status_code == 412


def test_only_a_write_that_names_a_version_asks_for_one():
    assert conditional.asks(asked(**{"If-Match": "*"}))
    assert not conditional.asks(asked())
