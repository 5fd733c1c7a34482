"""Callbacks: those that wait, and those that did not come about and that somebody has to look after."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.models import User
from calls.ends import shown_to
from calls.models import CallEvent, EventKind
from conferences.states import Outcome
from dialing.reading import zones_of
from queues.actions import callbacks, owed
from queues.models import Callback, Entry, Queue
from queues.states import CALLBACK_LIVE, ENTRY_LIVE, CallbackState

Verb: TypeAlias = Callable[[UUID, User, datetime], None]

COLORS: dict[str, str] = {
    CallbackState.WAITING: "info",
    CallbackState.DIALING: "info",
    CallbackState.DONE: "success",
    CallbackState.CANCELED: "info",
    CallbackState.EXPIRED: "warning",
}
TONES = {"info": "plain", "success": "good", "warning": "warning"}
WORDS = {
    Outcome.NO_ANSWER: _("no answer"),
    Outcome.BUSY: _("busy"),
    Outcome.NOT_ACCEPTED: _("nobody pressed 1: a machine, most likely"),
    Outcome.FAILED: _("could not be rung"),
    Outcome.LOST: _("nothing was heard of the call"),
    Outcome.WITHDRAWN: _("we gave up ringing"),
}

# What the buttons do, by the states in which they are there.
VERBS: dict[str, Verb] = {
    "cancel": lambda pk, by, at: callbacks.cancel(pk, by=by, why=str(_("not wanted any more")), at=at),
    "try-now": lambda pk, by, at: callbacks.try_now(pk, by=by, at=at),
    "claim": lambda pk, by, at: owed.claim(pk, by=by, at=at),
    "finish": lambda pk, by, at: owed.finish(pk, by=by, at=at),
    "call-again": lambda pk, by, at: owed.call_again(pk, by=by, at=at),
}


class QueueFilter(admin.RelatedFieldListFilter):
    """Only the queues that this person sees."""

    def field_choices(self, _field: Any, request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        assert isinstance(request.user, User)
        seen = Queue.objects.filter(pk__in=Callback.objects.visible_to(request.user).values("queue"))
        return [(str(queue.pk), str(queue)) for queue in seen.order_by("name")]


@admin.register(Callback)
class CallbackAdmin(ModelAdmin):
    list_filter = ("state", ("queue", QueueFilter), ("owner", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("queue", "owner")
    list_per_page = 25
    ordering = ("-asked_at",)
    search_fields = ("number",)
    search_help_text = _("A number, written in any way, or a part of it.")
    actions = ("claim_selected", "finish_selected")
    change_form_template = "admin/queues/callback/change_form.html"

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_work_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("queues.change_callback")

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        show = shown_to(request.user)

        @display(description=_("number"))
        def number(callback: Callback) -> str:
            return show(callback.number)

        return ("asked", number, "queue", "shown_state", "tries", "next_try", "outcome", "owner")

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, callback: Callback) -> str:
        return _written(callback.asked_at)

    @display(description=_("state"), ordering="state", label=COLORS)
    def shown_state(self, callback: Callback) -> tuple[str, str]:
        return callback.state, callback.state

    @display(description=_("not before"))
    def next_try(self, callback: Any) -> str:
        waits = callback.state == CallbackState.WAITING and callback.not_before is not None
        return _written(callback.not_before) if waits and callback.not_before > timezone.now() else "-"

    @display(description=_("last outcome"))
    def outcome(self, callback: Callback) -> str:
        return _worded(callback)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Callback]:
        assert isinstance(request.user, User)
        waiting = Entry.objects.filter(callback=OuterRef("pk"), state__in=ENTRY_LIVE).values("not_before")[:1]
        return Callback.objects.visible_to(request.user).annotate(not_before=Subquery(waiting))

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Callback], search_term: str
    ) -> tuple[QuerySet[Callback], bool]:
        digits = "".join(filter(str.isdecimal, search_term)).lstrip("0")
        if digits:
            return queryset.filter(number__contains=digits), False
        return queryset.none() if search_term.strip() else queryset, False

    @admin.action(description=_("I look after these"), permissions=["work"])
    def claim_selected(self, request: HttpRequest, rows: QuerySet[Callback]) -> None:
        self._work(request, rows, "claim")

    @admin.action(description=_("Mark as dealt with"), permissions=["work"])
    def finish_selected(self, request: HttpRequest, rows: QuerySet[Callback]) -> None:
        self._work(request, rows, "finish")

    def get_urls(self) -> list[URLPattern]:
        work = self.admin_site.admin_view(self.work_view)
        return [path("<uuid:callback>/do/<slug:verb>/", work, name="queues_callback_work"), *super().get_urls()]

    def work_view(self, request: HttpRequest, callback: UUID, verb: str) -> HttpResponseBase:
        """Do what one of the buttons on the page says."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_work_permission(request) or verb not in VERBS:
            raise PermissionDenied
        self._work(request, self.get_queryset(request).filter(pk=callback), verb)
        return HttpResponseRedirect(reverse("admin:queues_callback_change", args=[callback]))

    def _work(self, request: HttpRequest, rows: QuerySet[Callback], verb: str) -> None:
        assert isinstance(request.user, User)
        done = 0
        for callback in rows.select_related("owner"):
            try:
                VERBS[verb](callback.pk, request.user, timezone.now())
            except owed.Taken:
                who = callback.owner or _("Somebody else")
                messages.warning(request, _("%(who)s looks after it already.") % {"who": who})
            except callbacks.AlreadyAsked:
                messages.warning(request, _("The person has asked again and waits already."))
            except callbacks.NotNow as refusal:
                messages.warning(request, str(refusal))
            else:
                done += 1
        if done:
            messages.success(request, ngettext("%d callback changed.", "%d callbacks changed.", done) % done)

    def change_view(
        self, request: HttpRequest, object_id: str, _form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        callback = self.get_object(request, object_id)
        if callback is None:
            missing: HttpResponseBase = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return missing
        if not self.has_view_permission(request, callback):
            raise PermissionDenied
        context = {
            "opts": self.opts,
            "original": callback,
            "callback": callback,
            "title": _("Callback of %(queue)s") % {"queue": callback.queue},
            "number": shown_to(request.user)(callback.number),
            "tone": TONES[COLORS[callback.state]],
            "outcome": _worded(callback),
            "zones": zones_of(callback.number)[:3],
            "may_work": self.has_work_permission(request),
            "is_live": callback.state in CALLBACK_LIVE,
            "history": _history(callback),
        }
        return TemplateResponse(
            request,
            self.change_form_template,
            {**self.admin_site.each_context(request), **context, **(extra_context or {})},
        )


def _history(callback: Callback) -> list[CallEvent]:
    if callback.call_id is None:
        return []
    told = CallEvent.objects.filter(call=callback.call_id, kind=EventKind.CALLBACK, at__gte=callback.asked_at)
    return list(told.order_by("-id")[:50])


def _worded(callback: Callback) -> str:
    outcome = callback.last_outcome
    return str(WORDS.get(Outcome(outcome), outcome)) if outcome in set(Outcome) else outcome


def _written(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
