"""What a key may do: scopes of resources, which narrow what its owner may do anyway.

A scope is written `calls:read`, `calls:write`, or names one action, `calls:place`. The known ones are those of the
pages that exist: each page makes its own known.
"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import permissions
from rest_framework.request import Request

from rest.problems import Problem

_known: set[str] = set()


def make_known(*scopes: str) -> None:
    _known.update(scopes)


def known() -> list[str]:
    """Give all scopes of the pages that exist, in order."""
    return sorted(_known)


def covers(granted: Collection[str], needed: str) -> bool:
    """Tell whether a key with these scopes may do what needs that one; who may write a resource may do all with it."""
    resource, _colon, what = needed.partition(":")
    return needed in granted or (what != "read" and f"{resource}:write" in granted)


class Allowed(permissions.BasePermission):
    """Who asks has the permission that the page names; where a key is used, `request.auth`, its `scopes` cover it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        needed = view.scope_needed()
        key: Any = request.auth
        if key is not None and not covers(key.scopes, needed):
            raise Problem(403, _("The key lacks the scope %(scope)s. Make one that has it.") % {"scope": needed})
        if not request.user.has_perms(view.permissions_needed()):
            raise Problem(403, _("Your role may not do this. Ask an administrator for the permission."))
        return True
