"""Every page of the API with every scope: found in the router, so that a new page stands in the matrix by itself."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import models
from django.test import Client

from contactcenter.api import router
from rest import scopes
from rest.routing import Page
from tests.agents.factories import user
from tests.crm.asking import Asking

pytestmark = pytest.mark.django_db

PAGES = list(router.pages())
PARAMETER = re.compile(r"\{\w+\}|\(\?P<\w+>[^)]*\)")
BODIES = {"POST": {}, "PUT": {}, "PATCH": {}}


def address(page: Page) -> str:
    """Give the page's address with ids of nothing that there is."""
    key = page.resource.queryset.model._meta.pk if page.resource.queryset is not None else models.UUIDField()
    nothing = str(uuid4()) if isinstance(key, models.UUIDField) else "2147483000"
    return PARAMETER.sub(nothing, page.path.replace("{sha256}", "0" * 64))


def statuses(asker: Asking, pages: list[Page]) -> Iterator[tuple[str, int]]:
    for page in pages:
        ask = getattr(asker, page.method.lower())
        body = (BODIES[page.method],) if page.method in BODIES else ()
        yield f"{page.method} {page.path}", ask(address(page), *body).status_code


def others(page: Page) -> list[str]:
    return [scope for scope in scopes.known() if not scopes.covers([scope], page.scope)]


def by_scope() -> dict[str, list[Page]]:
    found: dict[str, list[Page]] = {}
    for page in PAGES:
        found.setdefault(page.scope, []).append(page)
    return found


def test_every_page_names_a_scope_that_keys_can_have():
    assert PAGES
    assert {page.scope for page in PAGES} <= set(scopes.known())


def test_a_key_with_the_right_scope_is_let_in():
    owner = user(is_superuser=True)

    refused = {
        name: status
        for scope, pages in by_scope().items()
        for name, status in statuses(Asking(scope, owner=owner), pages)
        if status in (401, 403, 405, 500)
    }

    assert refused == {}


def test_a_key_with_all_other_scopes_together_is_refused():
    owner = user(is_superuser=True)

    let_in = {
        name: status
        for pages in by_scope().values()
        for name, status in statuses(Asking(*others(pages[0]), owner=owner), pages)
        if status != 403
    }

    assert let_in == {}


def test_a_scope_covers_what_it_names_and_writing_covers_the_named_actions_of_its_resource():
    table = {(scope, page.scope): scopes.covers([scope], page.scope) for scope in scopes.known() for page in PAGES}

    for (granted, needed), covered in table.items():
        resource, _colon, what = needed.partition(":")
        assert covered == (granted == needed or (granted == f"{resource}:write" and what != "read"))


def test_nobody_is_let_in_without_a_key():
    client = Client()

    let_in = {
        f"{page.method} {page.path}": answer.status_code
        for page in PAGES
        if (answer := client.generic(page.method, f"/api/v1{address(page)}", "{}", "application/json")).status_code
        != 401
    }

    assert let_in == {}


def test_a_key_whose_owner_lacks_the_permission_is_refused():
    asker = Asking(*scopes.known(), owner=user())

    let_in = {
        name: status for name, status in statuses(asker, [page for page in PAGES if page.permissions]) if status != 403
    }

    assert let_in == {}


@pytest.mark.parametrize(
    "role", ["Agent", "Supervisor", "Administrator", "Flow editor", "Auditor", "Compliance officer"]
)
def test_a_role_may_by_a_key_what_its_permissions_say(role):
    owner = user(role)
    asker = Asking(*scopes.known(), owner=owner)

    wrong = {
        name: status
        for page, (name, status) in zip(PAGES, statuses(asker, PAGES), strict=True)
        if (status == 403) != _is_refused(page, owner)
    }

    assert wrong == {}


def _is_refused(page, owner) -> bool:
    at_desk = page.action in getattr(page.resource, "at_desk", ()) and owner.has_perm("agents.use_desk")
    return not (at_desk or owner.has_perms(page.permissions))
