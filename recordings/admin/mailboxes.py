"""Mailboxes to set up, and missed calls to read."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.models import User
from recordings.admin.rows import STATUS_COLORS, Played, written
from recordings.models import Mailbox, MissedCall
from recordings.states import VoicemailStatus


@admin.register(Mailbox)
class MailboxAdmin(ModelAdmin):
    list_display = ("name", "waiting", "tells", "who")
    search_fields = ("name", "addressees")
    ordering = ("name",)
    filter_horizontal = ("members",)
    fields = ("name", "members", "addressees", "tell_missed", "tells_transcript")

    @display(description=_("new voicemails"), ordering="new_count")
    def waiting(self, mailbox: Any) -> SafeString:
        address = reverse("admin:recordings_voicemail_changelist")
        query = f"?mailbox={mailbox.pk}&status=new"
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
        assert isinstance(request.user, User)
        return [
            (str(mailbox.pk), str(mailbox)) for mailbox in Mailbox.objects.visible_to(request.user).order_by("name")
        ]


@admin.register(MissedCall)
class MissedCallAdmin(Played):
    list_filter = ("status", ("mailbox", MailboxFilter))
    list_select_related = ("mailbox", "call", "taken_by")
    ordering = ("-at",)
    actions = None
    fields = ("mailbox", "call", "at", "status", "taken_by", "returned_by", "done_at", "told_at")

    @display(description=_("when"), ordering="at")
    def when(self, missed: MissedCall) -> str:
        return written(missed.at)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("when", *self.caller_columns(request), "mailbox", "shown_status", "taken_by", "told_at")

    @display(description=_("status"), ordering="status", label=STATUS_COLORS)
    def shown_status(self, missed: MissedCall) -> tuple[str, str]:
        return missed.status, missed.status
