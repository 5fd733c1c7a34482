"""Schemathesis asks every operation of the API whatever its schema allows, and what it forbids."""

from functools import cache
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from contactcenter import schema
from contactcenter.api import router
from rest import scopes
from rest.routing import Page
from rest.views import Resource
from tests.agents.factories import user
from tests.contactcenter.in_process import application
from tests.contactcenter.population import one_of, populate
from tests.crm.asking import make_key

PAGES = list(router.pages())
pytestmark = pytest.mark.usefixtures("nobody_works")

RESOURCES = list(dict.fromkeys(page.resource for page in PAGES))
# The same few requests each time: what is tried is the schema, and `bin/test` has other things to do.
TRIED = settings(
    max_examples=5, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
# What a schema cannot say, such as that a cursor is one of ours or that a country has such a number, is refused by 400.
NOT_FOR_US = [positive_data_acceptance]


@cache
def contract() -> Any:
    return schemathesis.openapi.from_dict(schema.present())


@pytest.mark.django_db
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.__name__)
def test_every_operation_keeps_its_contract(resource: type[Resource]) -> None:
    populate()
    token = make_key(*scopes.known(), owner=user(is_superuser=True), requests_per_minute=1_000_000)[1]
    failures = []

    with application() as contract().app:
        for page in (one for one in PAGES if one.resource is resource):
            try:
                trial(page, headers={"Authorization": f"Bearer {token}"})()
            except FailureGroup as found:
                failures.append(found)

    if failures:
        raise BaseExceptionGroup("The schema and the pages say different things.", failures)


def trial(page: Page, *, headers: dict[str, str]) -> Any:
    """Give what asks one operation, half of the time about a row that is there."""
    rows = cycle([one_of(page.resource), None])

    @TRIED
    @given(case=contract()[f"/api/v1{page.path}"][page.method].as_strategy())
    def ask(case: Any) -> None:
        if case.path_parameters and (row := next(rows)) is not None:
            case.path_parameters[next(iter(case.path_parameters))] = str(row)
        case.call_and_validate(headers=headers, excluded_checks=NOT_FOR_US)

    return ask
