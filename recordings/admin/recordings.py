"""What was recorded and what has become of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from agents.models import User
from compliance.endings import RulesNow
from recordings import actions, keeping, rights
from recordings.admin import page, proofs
from recordings.admin.rows import FAILING, STATE_COLORS, TONES, Played, length_of, written
from recordings.models import Recording


class FailingFilter(admin.SimpleListFilter):
    """What has failed: tried again by itself, or waiting for a person."""

    title = _("failing")
    parameter_name = "failing"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("again", _("tried again")), ("stuck", _("needs somebody"))]

    def queryset(self, _request: HttpRequest, rows: Any) -> Any:
        match self.value():
            case "again":
                return rows.failing().filter(retry_at__isnull=False)
            case "stuck":
                return rows.stuck()
            case _:
                return rows


@admin.register(Recording)
class RecordingAdmin(Played):
    list_filter = ("state", "stage", FailingFilter, "source")
    list_select_related = ("call__scope__queue", "queue", "agent")
    list_per_page = 25
    show_full_result_count = False
    ordering = ("-announced_at",)
    search_fields = ("sid", "call__sid")
    actions = ("retry_selected",)
    change_form_template = "admin/recordings/recording/change_form.html"

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        return (
            "began",
            *self.caller_columns(request),
            *self.player_columns(request),
            "length",
            "queue",
            "shown_state",
            _goes(RulesNow.read()),
            "failure",
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recording]:
        assert isinstance(request.user, User)
        return rights.judged(rights.visible_to(request.user), request.user)

    @display(description=_("announced"), ordering="announced_at")
    def began(self, recording: Recording) -> str:
        return written(recording.announced_at)

    @display(description=_("length"), ordering="seconds")
    def length(self, recording: Recording) -> str:
        return length_of(recording.seconds)

    @display(description=_("state"), ordering="state", label=STATE_COLORS)
    def shown_state(self, recording: Recording) -> tuple[str, str]:
        return (FAILING if recording.is_failing else recording.state), recording.state

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("recordings.listen")

    @admin.action(description=_("Try what has failed again now"), permissions=["retry"])
    def retry_selected(self, request: HttpRequest, rows: QuerySet[Recording]) -> None:
        retried = sum(actions.retry(recording, at=timezone.now()) for recording in rows)
        text = ngettext("%d is tried again within a minute.", "%d are tried again within a minute.", retried)
        messages.success(request, text % retried)

    def get_urls(self) -> list[URLPattern]:
        retry = self.admin_site.admin_view(self.retry_view)
        return [
            path("<uuid:recording>/retry/", retry, name="recordings_recording_retry"),
            path(
                "<uuid:recording>/transcribe/",
                self.admin_site.admin_view(self.transcribe_view),
                name="recordings_recording_transcribe",
            ),
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

    def transcribe_view(self, request: HttpRequest, recording: Any) -> HttpResponseBase:
        """Have the recording turned into text anew, by the provider that was chosen."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.get_queryset(request).filter(pk=recording).first()
        if row is None or not rights.rights_of(request.user, row).hears:
            raise PermissionDenied
        provider = request.POST.get("provider", "")
        if provider not in page.providers_of(row):
            messages.error(request, _("Choose who is to turn it into text."))
        elif actions.transcribe_again(row, provider=provider, at=timezone.now()):
            messages.success(request, _("It is turned into text again within a minute; until then the old text stays."))
        else:
            messages.warning(request, _("Somebody works on this recording at the moment. Try again in a minute."))
        return HttpResponseRedirect(reverse("admin:recordings_recording_change", args=[recording]))

    def change_view(
        self, request: HttpRequest, object_id: str, _form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Show the recording, to hear, to read and to share. There is no form that changes it."""
        recording = self.get_object(request, object_id)
        if recording is None:
            missing: HttpResponseBase = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return missing
        if not self.has_view_permission(request, recording):
            raise PermissionDenied
        context = {
            "opts": self.opts,
            "original": recording,
            "title": _("Recording of %(when)s") % {"when": written(recording.recorded_at or recording.announced_at)},
            "may_retry": recording.is_failing and self.has_retry_permission(request),
            "tone": TONES[STATE_COLORS[FAILING if recording.is_failing else recording.state]],
            "length": length_of(recording.seconds),
            **page.context_of(request, recording),
        }
        return TemplateResponse(
            request,
            self.change_form_template,
            {**self.admin_site.each_context(request), **context, **(extra_context or {})},
        )


def _goes(rules: RulesNow) -> Callable[[Recording], str]:
    """Give the column that tells the day on which each may go, by the rules as they were read for the page."""

    @display(description=_("goes on"))
    def goes(recording: Recording) -> str:
        day = keeping.day(recording, rules)
        return date_format(timezone.localtime(day), "DATE_FORMAT") if day else "-"

    return goes
