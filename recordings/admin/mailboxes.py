"""Mailboxes to set up, voicemails to work on, missed calls to read."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.models import User
from calls.ends import shown_to
from calls.models import Call
from recordings import actions, listenings
from recordings.admin.rows import STATUS_COLORS, TONES, Played, length_of, written
from recordings.models import Mailbox, MissedCall, Voicemail
from recordings.states import VoicemailStatus


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
        return written(voicemail.left_at)

    @display(description=_("length"), ordering="recording__seconds")
    def length(self, voicemail: Voicemail) -> str:
        return length_of(voicemail.recording.seconds)

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
            "length": length_of(voicemail.recording.seconds),
            "accesses": listenings.listenings(voicemail.recording_id),
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
        return written(missed.at)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("when", *self.caller_columns(request), "mailbox", "told_at")
