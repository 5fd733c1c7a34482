"""What was recorded and what has become of it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from recordings import actions
from recordings.admin import proofs
from recordings.admin.rows import STATE_COLORS, Played, length_of, written
from recordings.models import Recording


@admin.register(Recording)
class RecordingAdmin(Played):
    list_filter = ("state", "source")
    list_select_related = ("call",)
    list_per_page = 25
    show_full_result_count = False
    ordering = ("-announced_at",)
    search_fields = ("sid", "call__sid")
    actions = ("retry_selected",)
    change_form_outer_before_template = "admin/recordings/recording/sound.html"
    fields = (
        "sid",
        "call",
        "state",
        "failure",
        "attempts",
        "retry_at",
        "seconds",
        "channels",
        "source",
        "error_code",
        "size",
        "sha256",
        "announced_at",
        "recorded_at",
        "fetched_at",
    )

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return (
            "began",
            *self.caller_columns(request),
            *self.player_columns(request),
            "length",
            "shown_state",
            "failure",
        )

    @display(description=_("announced"), ordering="announced_at")
    def began(self, recording: Recording) -> str:
        return written(recording.announced_at)

    @display(description=_("length"), ordering="seconds")
    def length(self, recording: Recording) -> str:
        return length_of(recording.seconds)

    @display(description=_("state"), ordering="state", label=STATE_COLORS)
    def shown_state(self, recording: Recording) -> tuple[str, str]:
        return recording.state, recording.state

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("recordings.listen")

    @admin.action(description=_("Fetch the failed ones again now"), permissions=["retry"])
    def retry_selected(self, request: HttpRequest, rows: QuerySet[Recording]) -> None:
        retried = sum(actions.retry(recording, at=timezone.now()) for recording in rows)
        text = ngettext("%d is fetched again within a minute.", "%d are fetched again within a minute.", retried)
        messages.success(request, text % retried)

    def get_urls(self) -> list[URLPattern]:
        retry = self.admin_site.admin_view(self.retry_view)
        return [
            path("<uuid:recording>/retry/", retry, name="recordings_recording_retry"),
            *proofs.urls(),
            *super().get_urls(),
        ]

    def retry_view(self, request: HttpRequest, recording: Any) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_retry_permission(request):
            raise PermissionDenied
        self.retry_selected(request, self.get_queryset(request).filter(pk=recording))
        return HttpResponseRedirect(reverse("admin:recordings_recording_change", args=[recording]))
