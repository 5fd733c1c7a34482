"""Schemathesis asks every operation of the API whatever its schema allows, and what it forbids."""

from functools import cache
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from contactcenter import schema
from contactcenter.api import router
from rest import scopes
from rest.routing import Page
from telephony.middleware import in_utf8
from tests.agents.factories import user
from tests.contactcenter.population import one_of, populate
from tests.crm.asking import make_key

PAGES = list(router.pages())
# What a schema cannot say, such as that a cursor is one of ours or that a country has such a number, is refused by 400.
NOT_FOR_US = [positive_data_acceptance]


@pytest.fixture(autouse=True)
def _connection_of_the_test():
    """Without the test client, a request that ends would close the connection of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def contract() -> Any:
    made = schemathesis.openapi.from_dict(schema.present())
    made.app = in_utf8(get_wsgi_application())
    return made


@pytest.mark.django_db
@pytest.mark.parametrize("operation", PAGES, ids=lambda one: f"{one.method} {one.path}")
def test_every_operation_keeps_its_contract(operation: Page) -> None:
    populate()
    token = make_key(*scopes.known(), owner=user(is_superuser=True), requests_per_minute=1_000_000)[1]
    headers = {"Authorization": f"Bearer {token}"}
    rows = cycle([one_of(operation.resource), None])

    @settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=contract()[f"/api/v1{operation.path}"][operation.method].as_strategy())
    def ask(case: Any) -> None:
        if case.path_parameters and (row := next(rows)) is not None:
            case.path_parameters[next(iter(case.path_parameters))] = str(row)
        case.call_and_validate(headers=headers, excluded_checks=NOT_FOR_US)

    ask()
