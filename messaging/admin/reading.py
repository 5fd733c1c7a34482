"""Threads and texts, to find and to read. They are sent from the desk, by flows and by the API."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.models import User
from calls.ends import shown_to, text_shown_to
from contacts import reading as contacts
from messaging import reading
from messaging.actions import keeping
from messaging.models import Media, Message, Thread
from messaging.sentences import of_error, of_rule, of_standing
from messaging.states import TROUBLED, MediaState, State, Why
from queues.models import Queue
from telephony import numbers

STATE_COLORS: dict[str, str] = {
    State.RECEIVED: "info",
    State.WANTED: "info",
    State.ASKING: "info",
    State.UNCLEAR: "warning",
    State.ASKED: "success",
    State.ANSWERED: "success",
    State.NOT_SENT: "danger",
}
LONGEST = 120  # characters of a text in a list
SHOWN = 500  # texts on the page of a thread


class ReadOnly(ModelAdmin):
    """What is mirrored: seen here, made elsewhere."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False


class QueueFilter(admin.RelatedFieldListFilter):
    """Only the queues that this person sees."""

    def field_choices(self, _field: Any, request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        assert isinstance(request.user, User)
        return [(str(queue.pk), str(queue)) for queue in Queue.objects.visible_to(request.user).order_by("name")]


class WaitingFilter(admin.SimpleListFilter):
    title, parameter_name = _("somebody waits"), "waits"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("yes")), ("no", _("no"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Thread]) -> QuerySet[Thread]:
        return queryset.filter(waits_since__isnull=self.value() == "no") if self.value() else queryset


@admin.register(Thread)
class ThreadAdmin(ReadOnly):
    list_filter = (WaitingFilter, ("queue", QueueFilter), ("sender", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("sender", "queue")
    list_per_page = 25
    ordering = ("-last_at", "pk")
    search_fields = ("number",)
    search_help_text = _("A number in full, with its country's code, or a part of it.")
    show_full_result_count = False
    change_form_template = "admin/messaging/thread/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Thread]:
        assert isinstance(request.user, User)
        return Thread.objects.visible_to(request.user)

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        show = shown_to(request.user)

        @display(description=_("number"))
        def number(thread: Thread) -> str:
            return show(thread.number)

        return (number, "ours", "queue", "last", "waits")

    @display(description=_("our number"))
    def ours(self, thread: Thread) -> str:
        return numbers.show(thread.sender.number)

    @display(description=_("last text"), ordering="last_at")
    def last(self, thread: Thread) -> str:
        return written(thread.last_at)

    @display(description=_("somebody waits"), ordering="waits_since", label="warning")
    def waits(self, thread: Thread) -> str:
        return written(thread.waits_since) if thread.waits_since else ""

    def get_urls(self) -> list[URLPattern]:
        address = path(
            "media/<uuid:media_id>/fetch",
            self.admin_site.admin_view(self.fetch_again),
            name="messaging_media_fetch",
        )
        return [address, *super().get_urls()]

    def fetch_again(self, request: HttpRequest, media_id: Any) -> HttpResponseBase:
        """Have something fetched that could not be."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        assert isinstance(request.user, User)
        media = Media.objects.select_related("message").filter(pk=media_id).first()
        if media is None or not reading.may_look(request.user, media):
            raise PermissionDenied
        if keeping.retry(media, at=timezone.now()):
            messages.success(request, _("It is being fetched."))
        return HttpResponseRedirect(reverse("admin:messaging_thread_change", args=[media.message.thread_id]))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, _form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a conversation, readable from top to bottom."""
        assert isinstance(request.user, User)
        thread = self.get_object(request, str(object_id))
        if thread is None:
            raise Http404
        if not self.has_view_permission(request, thread):
            raise PermissionDenied
        found = reading.conversation(thread, most=SHOWN)
        show, hidden = shown_to(request.user), text_shown_to(request.user)
        known = contacts.matches(thread.number)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Texts with %(who)s") % {"who": found.contact or show(thread.number)},
            "thread": thread,
            "number": show(thread.number),
            "ours": numbers.show(thread.sender.number),
            "contact": found.contact,
            "contact_id": known[0].pk if known and request.user.has_perm("contacts.view_contact") else None,
            "wants_none": found.wants_none,
            "is_cut": found.is_cut,
            "texts": [_told(message, hidden(message.body)) for message in found.messages],
            "may_look": request.user.has_perm(reading.LOOK),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.change_form_template, context)


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_filter = (
        "direction",
        ("state", admin.ChoicesFieldListFilter),
        ("rule", admin.ChoicesFieldListFilter),
        ("why", admin.ChoicesFieldListFilter),
        ("purpose", admin.ChoicesFieldListFilter),
        ("at", admin.DateFieldListFilter),
    )
    list_select_related = ("thread__sender", "call")
    list_per_page = 50
    ordering = ("-at", "pk")
    search_fields = ("thread__number", "sid__exact")
    search_help_text = _("A number in full, with its country's code, or a part of it; or Twilio's id.")
    show_full_result_count = False
    fields = (
        *("at", "direction", "why", "with_whom", "said", "stands", "status", "because", "error_code"),
        *("parts", "price", "currency", "language", "call", "by", "fallback", "sid"),
        *("not_before", "attempts", "asked_at", "heard_at", "ended_at"),
    )
    readonly_fields = ("with_whom", "said", "stands", "because", "parts")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        assert isinstance(request.user, User)
        return Message.objects.listed_to(request.user)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.show, found.hidden = shown_to(request.user), text_shown_to(request.user)
        return found

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        show, hidden = shown_to(request.user), text_shown_to(request.user)

        @display(description=_("number"))
        def number(message: Message) -> str:
            return show(message.thread.number) if message.thread else show(_other_end(message))

        @display(description=_("text"))
        def text(message: Message) -> str:
            body = hidden(message.body)
            return body if len(body) <= LONGEST else body[:LONGEST] + "…"

        return ("when", "whose", number, text, "shown_state", "because", "parts")

    @display(description=_("when"), ordering="at")
    def when(self, message: Message) -> str:
        return written(message.at)

    @display(description=_("from"), ordering="direction")
    def whose(self, message: Message) -> str:
        return str(_("them")) if message.is_theirs else str(WHY.get(message.why, _("us")))

    @display(description=_("state"), ordering="state", label=STATE_COLORS)
    def shown_state(self, message: Message) -> tuple[str, str]:
        if message.status in TROUBLED:
            return State.NOT_SENT, message.status
        return message.state, message.status or message.state

    @display(description=_("state"))
    def stands(self, message: Message) -> str:
        return of_standing(message) or str(_("received"))

    @display(description=_("parts"), ordering="segments")
    def parts(self, message: Message) -> int:
        return message.segments

    @display(description=_("because"))
    def because(self, message: Message) -> str:
        return of_rule(message.rule, message.detail) if message.rule else of_error(message.error_code) or "-"

    @display(description=_("with"))
    def with_whom(self, message: Any) -> SafeString | str:
        if message.thread is None:
            return message.show(_other_end(message)) or "-"
        address = reverse("admin:messaging_thread_change", args=[message.thread_id])
        return format_html('<a class="cc-link" href="{}">{}</a>', address, message.show(message.thread.number))

    @display(description=_("text"))
    def said(self, message: Any) -> str:
        return message.hidden(message.body) or "-"


WHY: dict[str, Promise] = {
    Why.AGENT: _("an agent"),
    Why.API: _("another system"),
    Why.FLOW: _("a flow"),
    Why.FALLBACK: _("in place of a call"),
    Why.KEYWORD: _("answer to a word"),
}


def written(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "Y-m-d H:i")


def _other_end(message: Message) -> str:
    return message.call.other_end if message.call else ""


def _told(message: Message, body: str) -> dict[str, Any]:
    return {
        "row": message,
        "body": body,
        "whose": WHY.get(message.why, _("us")),
        "trouble": of_rule(message.rule, message.detail) if message.rule else of_error(message.error_code),
        "standing": of_standing(message),
        "media": [
            {"row": media, "failed": media.state == MediaState.ANNOUNCED and media.failure and not media.retry_at}
            for media in message.media.all()
        ],
    }
