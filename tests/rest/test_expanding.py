import pytest
from django.test import RequestFactory
from rest_framework.request import Request

from rest.expanding import expanded
from rest.problems import Problem


def asked(written: str) -> Request:
    return Request(RequestFactory().get("/", {"expand": written}))


@pytest.mark.parametrize(
    ("written", "names"),
    [("", ()), ("legs", ("legs",)), ("legs,timeline", ("legs", "timeline")), ("legs,,legs", ("legs",))],
)
def test_names_are_read_once_each(written, names):
    assert expanded(asked(written), {"legs": (), "timeline": ()}) == names


def test_clients_that_repeat_the_parameter_are_understood():
    request = Request(RequestFactory().get("/?expand=legs&expand=timeline"))

    assert expanded(request, {"legs": (), "timeline": ()}) == ("legs", "timeline")


def test_what_cannot_be_expanded_is_told_with_what_can():
    with pytest.raises(Problem, match="colour cannot be expanded; possible are: legs") as refused:
        expanded(asked("legs,colour"), {"legs": ()})

    assert refused.value.status_code == 400
