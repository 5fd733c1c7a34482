"""Mailboxes to set up, voicemails to work on, and what was recorded and heard, to read."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.models import User
from calls.ends import hidden, shown_to
from calls.models import Call
from recordings import actions
from recordings.models import Mailbox, MissedCall, Play, Recording, Voicemail
from recordings.states import State, VoicemailStatus
from telephony import numbers

STATE_COLORS: dict[str, str] = {
    State.ANNOUNCED: "info",
    State.READY: "info",
    State.FETCHED: "success",
    State.FAILED: "danger",
    State.ABSENT: "warning",
}
STATUS_COLORS: dict[str, str] = {
    VoicemailStatus.NEW: "warning",
    VoicemailStatus.HEARD: "info",
    VoicemailStatus.DONE: "success",
}
TONES = {"info": "plain", "success": "good", "warning": "warning", "danger": "bad"}


class ReadOnly(ModelAdmin):
    """What is mirrored or logged: seen here, made elsewhere."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False


class Played(ReadOnly):
    """Rows with a caller and a sound: who may see and hear what is decided for each person who looks."""

    class Media:
        css = {"all": ["css/call.css"]}

    def caller_columns(self, request: HttpRequest) -> tuple[str, ...]:
        return ("caller",) if request.user.has_perm("calls.view_numbers") else ("hidden_caller",)

    def player_columns(self, request: HttpRequest) -> tuple[str, ...]:
        """Whoever does not see every mailbox sees only those of which he is a member, and those he may hear."""
        user = request.user
        may_hear = user.has_perm("recordings.listen") or not user.has_perm("recordings.see_every_mailbox")
        return ("player",) if may_hear else ()

    @display(description=_("caller"))
    def caller(self, row: Any) -> SafeString | str:
        return _call_link(row.call, numbers.show(row.call.from_number)) if row.call else "-"

    @display(description=_("caller"))
    def hidden_caller(self, row: Any) -> SafeString | str:
        return _call_link(row.call, hidden(row.call.from_number)) if row.call else "-"

    @display(description=_("sound"))
    def player(self, row: Any) -> SafeString | str:
        recording = row if isinstance(row, Recording) else row.recording
        if recording.state != State.FETCHED:
            return str(recording.state)
        address = reverse("recording-audio", args=[recording.pk])
        return format_html('<audio class="call-player is-small" controls preload="none" src="{}"></audio>', address)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        assert isinstance(request.user, User)
        rows: QuerySet[Any] = self.model._default_manager.visible_to(request.user)
        return rows


@admin.register(Mailbox)
class MailboxAdmin(ModelAdmin):
    list_display = ("name", "waiting", "tells", "who")
    search_fields = ("name", "addressees")
    ordering = ("name",)
    filter_horizontal = ("members",)
    fields = ("name", "members", "addressees", "tell_missed")

    @display(description=_("new voicemails"), ordering="new_count")
    def waiting(self, mailbox: Any) -> SafeString:
        address = reverse("admin:recordings_voicemail_changelist")
        query = f"?mailbox__id__exact={mailbox.pk}&status__exact=new"
        return format_html('<a class="cc-link" href="{}{}">{}</a>', address, query, mailbox.new_count)

    @display(description=_("tells"))
    def tells(self, mailbox: Mailbox) -> str:
        return ", ".join(mailbox.addresses) or "-"

    @display(description=_("members"))
    def who(self, mailbox: Mailbox) -> str:
        return ", ".join(str(member) for member in mailbox.members.all()) or "-"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mailbox]:
        rows: QuerySet[Mailbox] = super().get_queryset(request)
        new = Count("voicemails", filter=Q(voicemails__status=VoicemailStatus.NEW), distinct=True)
        return rows.annotate(new_count=new).prefetch_related("members")


class MailboxFilter(admin.RelatedFieldListFilter):
    """Only the mailboxes that this person sees."""

    def field_choices(self, _field: Any, request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        sees_all = request.user.has_perm("recordings.see_every_mailbox")
        seen = Mailbox.objects.all() if sees_all else Mailbox.objects.filter(members=request.user.pk)
        return [(str(mailbox.pk), str(mailbox)) for mailbox in seen.order_by("name")]


@admin.register(Voicemail)
class VoicemailAdmin(Played):
    list_filter = ("status", ("mailbox", MailboxFilter))
    list_select_related = ("mailbox", "recording", "call", "taken_by")
    list_per_page = 25
    ordering = ("-left_at",)
    search_fields = ("call__sid",)
    search_help_text = _("A caller's number, written in any way, or a part of it; or a CallSid.")
    actions = ("take_selected", "mark_heard", "mark_done")
    change_form_template = "admin/recordings/voicemail/change_form.html"

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return (
            "left",
            *self.caller_columns(request),
            "mailbox",
            *self.player_columns(request),
            "length",
            "shown_status",
            "taken_by",
        )

    @display(description=_("left"), ordering="left_at")
    def left(self, voicemail: Voicemail) -> str:
        return _written(voicemail.left_at)

    @display(description=_("length"), ordering="recording__seconds")
    def length(self, voicemail: Voicemail) -> str:
        return _seconds(voicemail.recording.seconds)

    @display(description=_("status"), ordering="status", label=STATUS_COLORS)
    def shown_status(self, voicemail: Voicemail) -> tuple[str, str]:
        return voicemail.status, voicemail.status

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Voicemail], search_term: str
    ) -> tuple[QuerySet[Voicemail], bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        return queryset.filter(Q(call__sid=text) | Q(call__in=Call.objects.numbered(text))), False

    def has_work_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("recordings.change_voicemail")

    @admin.action(description=_("Take: I look after these"), permissions=["work"])
    def take_selected(self, request: HttpRequest, rows: QuerySet[Voicemail]) -> None:
        self._work(request, rows, "take")

    @admin.action(description=_("Mark as heard"), permissions=["work"])
    def mark_heard(self, request: HttpRequest, rows: QuerySet[Voicemail]) -> None:
        self._work(request, rows, "heard")

    @admin.action(description=_("Mark as done"), permissions=["work"])
    def mark_done(self, request: HttpRequest, rows: QuerySet[Voicemail]) -> None:
        self._work(request, rows, "done")

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<uuid:voicemail>/do/<slug:verb>/",
                self.admin_site.admin_view(self.work_view),
                name="recordings_voicemail_work",
            ),
            *super().get_urls(),
        ]

    def work_view(self, request: HttpRequest, voicemail: Any, verb: str) -> HttpResponseBase:
        """Do what one of the buttons on the page says."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_work_permission(request):
            raise PermissionDenied
        self._work(request, self.get_queryset(request).filter(pk=voicemail), verb)
        return HttpResponseRedirect(reverse("admin:recordings_voicemail_change", args=[voicemail]))

    def _work(self, request: HttpRequest, rows: QuerySet[Voicemail], verb: str) -> None:
        assert isinstance(request.user, User)
        done = 0
        for voicemail in rows.select_related("taken_by"):
            try:
                match verb:
                    case "take":
                        actions.take(voicemail, by=request.user)
                    case "release":
                        actions.release(voicemail)
                    case _:
                        actions.mark(voicemail, status=VoicemailStatus(verb), by=request.user)
            except actions.Taken:
                text = _("%(who)s has taken the voicemail of %(when)s.")
                when = timezone.localtime(voicemail.left_at).strftime("%H:%M")
                messages.warning(request, text % {"who": voicemail.taken_by or _("Somebody"), "when": when})
            except (actions.Impossible, ValueError):
                messages.warning(
                    request, _("A voicemail that is %(status)s cannot become that.") % {"status": voicemail.status}
                )
            else:
                done += 1
        if done:
            messages.success(request, ngettext("%d voicemail changed.", "%d voicemails changed.", done) % done)

    def change_view(
        self, request: HttpRequest, object_id: str, _form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        voicemail = self.get_object(request, object_id)
        if voicemail is None:
            missing: HttpResponseBase = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return missing
        if not self.has_view_permission(request, voicemail):
            raise PermissionDenied
        show = shown_to(request.user)
        context = {
            "opts": self.opts,
            "original": voicemail,
            "voicemail": voicemail,
            "title": _("Voicemail in %(mailbox)s") % {"mailbox": voicemail.mailbox},
            "caller": show(voicemail.call.from_number) if voicemail.call else "",
            "tone": TONES[STATUS_COLORS[voicemail.status]],
            "may_work": self.has_work_permission(request),
            "length": _seconds(voicemail.recording.seconds),
            "plays": voicemail.recording.plays.select_related("user").order_by("-at")[:20],
        }
        return TemplateResponse(
            request,
            self.change_form_template,
            {**self.admin_site.each_context(request), **context, **(extra_context or {})},
        )


@admin.register(MissedCall)
class MissedCallAdmin(Played):
    list_filter = (("mailbox", MailboxFilter),)
    list_select_related = ("mailbox", "call")
    ordering = ("-at",)
    actions = None
    fields = ("mailbox", "call", "at", "told_at")

    @display(description=_("when"), ordering="at")
    def when(self, missed: MissedCall) -> str:
        return _written(missed.at)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("when", *self.caller_columns(request), "mailbox", "told_at")


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
        return _written(recording.announced_at)

    @display(description=_("length"), ordering="seconds")
    def length(self, recording: Recording) -> str:
        return _seconds(recording.seconds)

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
        return [path("<uuid:recording>/retry/", retry, name="recordings_recording_retry"), *super().get_urls()]

    def retry_view(self, request: HttpRequest, recording: Any) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_retry_permission(request):
            raise PermissionDenied
        self.retry_selected(request, self.get_queryset(request).filter(pk=recording))
        return HttpResponseRedirect(reverse("admin:recordings_recording_change", args=[recording]))


@admin.register(Play)
class PlayAdmin(ReadOnly):
    list_display = ("at", "user", "recording", "address")
    list_filter = ("user",)
    list_select_related = ("user", "recording")
    ordering = ("-at",)
    search_fields = ("recording__sid", "user__username")
    fields = ("at", "user", "recording", "address")


def _call_link(call: Model, text: str) -> SafeString:
    address = reverse("admin:calls_call_change", args=[call.pk])
    return format_html('<a class="cc-link cc-number" href="{}">{}</a>', address, text)


def _written(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "M j, Y, H:i")


def _seconds(seconds: int | None) -> str:
    return "-" if seconds is None else f"{seconds // 60}:{seconds % 60:02}"
