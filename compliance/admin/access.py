"""The log of access, to read and to export. Nothing here changes it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, StreamingHttpResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from agents.models import User
from calls.admin import DayFilter
from compliance import words
from compliance.actions import access
from compliance.models import AccessEntry
from compliance.origin import address_of

# The pages of what entries are about lie in packages above: only their names are known here.
PAGES = {
    "recording": "admin:recordings_recording_change",
    "voicemail": "admin:recordings_voicemail_change",
    "call": "admin:calls_call_change",
    "hold": "admin:compliance_hold_change",
    "finding": "admin:retention_finding_change",
    "run": "admin:retention_run_change",
    "erasure": "admin:retention_erasure_change",
}


class ActionFilter(admin.SimpleListFilter):
    title = _("what was done")
    parameter_name = "action"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return list(words.ACTIONS.items())

    def queryset(self, _request: HttpRequest, queryset: QuerySet[AccessEntry]) -> QuerySet[AccessEntry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class SubjectFilter(admin.SimpleListFilter):
    """By kind; which one of it, is what the search is for."""

    title = _("about")
    parameter_name = "subject"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [(subject, _(subject)) for subject in (*PAGES, access.THE_LOG)]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[AccessEntry]) -> QuerySet[AccessEntry]:
        return queryset.filter(subject=self.value()) if self.value() else queryset


@admin.register(AccessEntry)
class AccessEntryAdmin(ModelAdmin):
    list_display = ("when", "who", "done", "about", "stretch", "reason", "address")
    list_filter = (("user", RelatedDropdownFilter), ActionFilter, SubjectFilter, ("at", DayFilter))
    list_filter_submit = True
    list_per_page = 50
    show_full_result_count = False
    list_before_template = "admin/compliance/accessentry/export.html"
    ordering = ("-id",)
    search_fields = ("who",)
    search_help_text = _("The id of a recording, or of what else an entry is about; or somebody's name.")
    actions = None
    fields = (
        "when",
        "who",
        "user",
        "address",
        "done",
        "about",
        "stretch",
        "reason",
        "detail",
        "previous",
        "hash",
    )
    readonly_fields = ("when", "done", "about", "stretch")

    @display(description=_("when"), ordering="id")
    def when(self, entry: AccessEntry) -> str:
        return date_format(timezone.localtime(entry.at), "j M Y, H:i:s")

    @display(description=_("what was done"))
    def done(self, entry: AccessEntry) -> Promise | str:
        return words.ACTIONS.get(entry.action, entry.action)

    @display(description=_("about"))
    def about(self, entry: AccessEntry) -> SafeString | str:
        text = f"{entry.subject} {entry.subject_id.partition('-')[0]}"
        try:
            page = reverse(PAGES[entry.subject], args=[entry.subject_id])
        except (KeyError, NoReverseMatch):
            return text
        return format_html('<a class="cc-link" href="{}">{}</a>', page, text)

    @display(description=_("part of the sound"))
    def stretch(self, entry: AccessEntry) -> str:
        return words.stretch(entry.detail) or "-"

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[AccessEntry], search_term: str
    ) -> tuple[QuerySet[AccessEntry], bool]:
        text = search_term.strip()
        return (queryset.filter(Q(subject_id=text) | Q(who__icontains=text)) if text else queryset), False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("compliance.export_log")

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="compliance_accessentry_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Send the whole log as a file that anybody can verify; that it was sent, is its last entry."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_export_permission(request):
            raise PermissionDenied
        assert isinstance(request.user, User)
        at = timezone.now()
        lines = access.export(user=request.user, address=address_of(request), at=at)
        return StreamingHttpResponse(
            lines,
            content_type="application/jsonl",
            headers={"Content-Disposition": f'attachment; filename="access-log-{at:%Y%m%d-%H%M%S}.jsonl"'},
        )

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _entry: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _entry: Any = None) -> bool:
        return False
