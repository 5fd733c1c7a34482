"""Who asks the API: the owner of a key, or somebody who is logged in at our own pages."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agents.models import User
from compliance.origin import address_of
from crm.actions import keys
from crm.models import Key
from rest.problems import Problem

SCHEME = "Bearer"


class ByKey(BaseAuthentication):
    """`Authorization: Bearer cc_…`. Raises 401 for a key that opens nothing, 403 for one from elsewhere."""

    def authenticate(self, request: Request) -> tuple[User, Key] | None:
        scheme, _space, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME.lower().encode():
            return None
        at = timezone.now()
        sha256 = keys.digest(token.decode("latin-1").strip())
        key = Key.objects.valid(at).select_related("owner").filter(sha256=sha256).first()
        if key is None:
            raise AuthenticationFailed(_("There is no such key, it has expired, or it was taken back. Make a new one."))
        if not key.may_come_from(address_of(request._request)):
            raise Problem(403, _("The key may not be used from this address. Its owner can allow it."))
        keys.note_use(key, at=at)
        return key.owner, key

    def authenticate_header(self, _request: Request) -> str:
        return SCHEME


class ByKeyInSchema(OpenApiAuthenticationExtension):
    """How a key is told, in the schema."""

    target_class = ByKey
    name = "key"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of the API. Everybody makes their own in the admin, where it is shown once.",
        }
