"""Schemathesis asks every operation of the API whatever its schema allows, and what it forbids."""

from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings

from contactcenter import schema
from contactcenter.api import router
from rest import scopes
from telephony.middleware import in_utf8
from tests.agents.factories import user
from tests.calls.factories import make_call
from tests.crm.asking import make_key


@pytest.fixture(autouse=True)
def the_connection_of_the_test():
    """A request that ends closes its connection to the database, which is the test's own here."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@cache
def contract() -> Any:
    made = schemathesis.openapi.from_dict(schema.present())
    made.app = in_utf8(get_wsgi_application())
    return made


OPERATIONS = [(f"/api/v1{page.path.replace('{pk}', '{id}')}", page.method) for page in router.pages()]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_keeps_its_contract(path, method) -> None:
    owner = user(is_superuser=True)
    make_call()
    token = make_key(*scopes.known(), owner=owner, requests_per_minute=1_000_000)[1]

    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=contract()[path][method].as_strategy())
    def asked(case: Any) -> None:
        if next(case_numbers) % 2 and pk and case.path_parameters:
            case.path_parameters["id"] = pk
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=EXCLUDED)

    asked()
