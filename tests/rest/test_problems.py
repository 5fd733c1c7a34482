import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions

from rest import problems
from rest.problems import Fault, Problem


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (Http404(), 404, "not-found"),
        (PermissionDenied(), 403, "forbidden"),
        (exceptions.NotAuthenticated(), 401, "not-authenticated"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method-not-allowed"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported-media-type"),
        (RequestDataTooBig(), 413, "too-large"),
        (exceptions.ParseError(), 400, "unreadable"),
        (exceptions.Throttled(wait=12), 429, "too-many-requests"),
        (problems.conflict("Not now."), 409, "conflict"),
        (problems.refused("Too many.", rule="hours"), 422, "refused"),
        (Problem(409, "Wait.", kind="still-running"), 409, "still-running"),
    ],
)
def test_every_error_is_a_problem_of_its_kind(error, status, kind):
    answer = problems.answered(error, {})

    assert answer is not None
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.data["type"] == f"https://contact.example.com/api/problems/{kind}"
    assert answer.data["title"] == str(problems.TITLES[kind])
    assert answer.data["status"] == status
    assert answer.data["errors"] == []


def test_what_is_our_fault_is_no_problem_of_the_asker():
    assert problems.answered(ZeroDivisionError(), {}) is None


def test_a_rule_is_named_beside_the_rest():
    answer = problems.answered(problems.refused("It is night there.", rule="hours"), {})

    assert answer.data["rule"] == "hours"
    assert answer.data["detail"] == "It is night there."


def test_who_came_too_often_is_told_when_to_come_again():
    answer = problems.answered(exceptions.Throttled(wait=12), {})

    assert answer["Retry-After"] == "12"
    assert "12" in answer.data["detail"]


def test_faults_of_deep_fields_have_their_way():
    error = exceptions.ValidationError(
        {"name": ["May not be empty."], "numbers": [{}, {"number": ["No number."]}], "non_field_errors": ["Odd."]}
    )

    answer = problems.answered(error, {})

    assert answer.data["errors"] == [
        {"field": "name", "message": "May not be empty."},
        {"field": "numbers.1.number", "message": "No number."},
    ]
    assert answer.data["detail"] == "name: May not be empty. numbers.1.number: No number. Odd."


def test_one_wrong_field_is_told_by_its_name():
    assert problems.wrong("limit", "Too much.").faults == [Fault("limit", "Too much.")]
