"""A person's keys of the API: made here and shown once, looked at, taken back."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.models import User
from crm.actions import keys
from crm.forms import KeyForm
from crm.models import Key

STATES = {"valid": gettext_lazy("valid"), "expired": gettext_lazy("expired"), "revoked": gettext_lazy("taken back")}
COLORS = {STATES["valid"]: "success", STATES["expired"]: "warning", STATES["revoked"]: "danger"}


@admin.register(Key)
class KeyAdmin(ModelAdmin):
    list_select_related = ("owner",)
    list_per_page = 50
    ordering = ("-created_at",)
    search_fields = ("name", "beginning")
    actions = None

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        owner = ("owner",) if _watches(request) else ()
        return ("name", *owner, "begins", "state", "last_used_at", "expires_at", "created_at")

    @display(description=gettext_lazy("begins with"), ordering="beginning")
    def begins(self, key: Key) -> str:
        return f"{key.beginning}…"

    @display(description=gettext_lazy("state"), label=COLORS)
    def state(self, key: Key) -> object:
        return STATES[_state(key)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Key]:
        rows: Any = super().get_queryset(request)
        own: QuerySet[Key] = rows.visible_to(request.user)
        return own

    def get_urls(self) -> list[URLPattern]:
        revoke = path("<uuid:pk>/revoke/", self.admin_site.admin_view(self.revoke_view), name="crm_key_revoke")
        return [revoke, *super().get_urls()]

    def has_change_permission(self, _request: HttpRequest, _key: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _key: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, *_rest: Any, **_more: Any) -> HttpResponseBase:
        """Ask what the key is for, make it, and show it: on this one page, which nobody can open again."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST or None, may_set_limit=_watches(request))
        if request.method != "POST" or not form.is_valid():
            return self._shown(request, "key_form", _("Make a key"), form=form)
        assert isinstance(request.user, User)
        key, token = keys.make(request.user, **form.wanted(), at=timezone.now())
        self.log_addition(request, key, _("Made a key with %(scopes)s.") % {"scopes": ", ".join(key.scopes)})
        resource = key.scopes[0].partition(":")[0]
        example = f"{settings.PUBLIC_BASE_URL}/api/v1/{resource}"
        response = self._shown(request, "key_made", _("Your key"), key=key, token=token, example=example)
        add_never_cache_headers(response)
        return response

    def change_view(self, request: HttpRequest, object_id: str, *_rest: Any, **_more: Any) -> HttpResponseBase:
        key = self._key(request, object_id)
        state = _state(key)
        return self._shown(request, "key", key.name, original=key, key=key, state=state, state_in_words=STATES[state])

    def revoke_view(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        """Take a key back, one's own or, for who watches over keys, anybody's."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        key = self._key(request, str(pk))
        if keys.revoke(key, at=timezone.now()):
            self.log_change(request, key, _("Took the key back."))
            messages.success(request, _("The key is taken back. It opens nothing any more."))
        return HttpResponseRedirect(reverse("admin:crm_key_changelist"))

    def _key(self, request: HttpRequest, pk: str) -> Key:
        """Give a key that this person may see. Raises PermissionDenied, also where there is none."""
        key: Key | None = self.get_object(request, pk)
        if key is None or not self.has_view_permission(request, key):
            raise PermissionDenied
        return key

    def _shown(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"admin/crm/{template}.html", whole)


def _watches(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("crm.see_every_key"))


def _state(key: Key) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= timezone.now() else "valid"
