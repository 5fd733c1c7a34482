"""People and their roles."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from agents.models import User

ROLE_HELP = _(
    "What this person may do. Administrator: everything. Flow editor: what callers hear, and publishing it. "
    "Supervisor: the board, helping and listening to the own teams, and their skills; calls, recordings and opening "
    "hours; the desk. Agent: the desk, calls, and the voicemail of the own mailboxes. "
    "Auditor: sees the settings and the history, but no callers' numbers and no recordings."
)
RESERVED = ("is_superuser", "user_permissions")


def person(request: HttpRequest) -> User:
    """Who asks: the admin's pages are for those who have logged in."""
    assert isinstance(request.user, User)
    return request.user


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "full_name", "email", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    list_filter_submit = True
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", ("first_name", "last_name"), "email")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "groups")}),
        (_("Beyond the roles"), {"fields": RESERVED, "classes": ("collapse",)}),
        (_("Dates"), {"fields": (("last_login", "date_joined"),)}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "usable_password", "password1", "password2")}),
        (_("Access"), {"classes": ("wide",), "fields": ("is_staff", "groups")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out what would let an administrator give more than a role, unless they have it themselves."""
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [entry for entry in fieldsets if entry[1]["fields"] is not RESERVED]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, ModelMultipleChoiceField) and db_field.name == "groups":
            field.label, field.help_text = _("Roles"), ROLE_HELP
            field.widget = UnfoldAdminCheckboxSelectMultipleWidget(choices=field.choices)
        if field is not None and db_field.name == "is_staff":
            field.label, field.help_text = (
                _("May log in here"),
                _("Off: the account exists, but cannot open these pages."),
            )
        return field

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    @staticmethod
    def _may_touch(request: HttpRequest, obj: User | None) -> bool:
        """Who is not a superuser must not become one by setting a superuser's password."""
        return obj is None or request.user.is_superuser or not obj.is_superuser

    @display(description=_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @display(description=_("roles"), label=True)
    def roles(self, user: User) -> list[str]:
        names = [group.name for group in user.groups.all()]
        return [*names, str(_("superuser"))] if user.is_superuser else names


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(DjangoGroupAdmin, ModelAdmin):
    """Roles can be looked into by all who may see them, and changed by a superuser."""

    def get_fieldsets(self, request: HttpRequest, obj: Group | None = None) -> Any:
        shown = "permissions" if self.has_change_permission(request, obj) else "may"
        return [(None, {"fields": ("name", shown)})]

    def get_readonly_fields(self, _request: HttpRequest, _obj: Group | None = None) -> tuple[str, ...]:
        return ("may",)

    @display(description=_("may"))
    def may(self, role: Group) -> str:
        """Give one line for each kind of thing."""
        by_kind: dict[str, list[str]] = {}
        for permission in role.permissions.select_related("content_type").order_by("content_type", "codename"):
            kind = permission.content_type.name
            by_kind.setdefault(kind, []).append(permission.name.removeprefix("Can ").removesuffix(f" {kind}"))
        lines = sorted((f"{kind.capitalize()}: {', '.join(verbs)}",) for kind, verbs in by_kind.items())
        return format_html('<ul class="cc-list">{}</ul>', format_html_join("", "<li>{}</li>", lines))
