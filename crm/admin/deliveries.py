"""What was sent to subscriptions: each try with all that went and came, and sending once more."""

import json
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from agents.models import User
from crm.actions import delivering
from crm.models import Delivery, Subscription, Try
from crm.states import DeliveryState
from telephony import logs
from telephony.admin import Mirror

WORDS = {
    DeliveryState.WAITING: _("waiting"),
    DeliveryState.DELIVERED: _("delivered"),
    DeliveryState.GIVEN_UP: _("given up"),
}
COLORS = {
    WORDS[DeliveryState.WAITING]: "info",
    WORDS[DeliveryState.DELIVERED]: "success",
    WORDS[DeliveryState.GIVEN_UP]: "danger",
}
TONES = {DeliveryState.WAITING: "plain", DeliveryState.DELIVERED: "good", DeliveryState.GIVEN_UP: "bad"}


class SubscriptionFilter(admin.RelatedFieldListFilter):
    """Only the subscriptions that this person sees."""

    def field_choices(self, _field: Any, request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        assert isinstance(request.user, User)
        seen = Subscription.objects.visible_to(request.user).order_by("name")
        return [(str(one.pk), str(one)) for one in seen]


@admin.register(Delivery)
class DeliveryAdmin(Mirror):
    list_display = ("event_type", "subscription", "shown_state", "tries", "last_status", "made_at", "due")
    list_filter = ("state", ("subscription", SubscriptionFilter), ("made_at", admin.DateFieldListFilter))
    list_select_related = ("event", "subscription")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-made_at",)
    actions = ("send_again",)

    @display(description=_("event"))
    def event_type(self, delivery: Delivery) -> str:
        return delivery.event.type

    @display(description=_("state"), ordering="state", label=COLORS)
    def shown_state(self, delivery: Delivery) -> object:
        return WORDS[DeliveryState(delivery.state)]

    @display(description=_("last answer"))
    def last_status(self, delivery: Any) -> object:
        return delivery.last_status or "-"

    @display(description=_("next try"))
    def due(self, delivery: Delivery) -> object:
        return delivery.due_at if delivery.state == DeliveryState.WAITING else "-"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        assert isinstance(request.user, User)
        return with_last_answer(Delivery.objects.visible_to(request.user))

    def has_work_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("crm.change_subscription")

    @admin.action(description=_("Send once more"), permissions=["work"])
    def send_again(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        self._replay(request, rows)

    def get_urls(self) -> list[URLPattern]:
        again = self.admin_site.admin_view(self.again_view)
        return [path("<uuid:pk>/again/", again, name="crm_delivery_again"), *super().get_urls()]

    def again_view(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_work_permission(request):
            raise PermissionDenied
        self._replay(request, self.get_queryset(request).filter(pk=pk))
        return HttpResponseRedirect(reverse("admin:crm_delivery_change", args=[pk]))

    def _replay(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        done = 0
        for delivery in rows:
            delivering.replay(delivery, at=timezone.now())
            done += 1
        if done:
            messages.success(request, ngettext("%d is sent once more.", "%d are sent once more.", done) % done)

    def change_view(self, request: HttpRequest, object_id: str, *_rest: Any, **_more: Any) -> HttpResponseBase:
        delivery = self.get_object(request, object_id)
        if delivery is None or not self.has_view_permission(request, delivery):
            raise PermissionDenied
        sees_numbers = request.user.has_perm("calls.view_numbers")
        context = {
            "opts": self.opts,
            "original": delivery,
            "delivery": delivery,
            "title": delivery.event.type,
            "state": WORDS[DeliveryState(delivery.state)],
            "tone": TONES[DeliveryState(delivery.state)],
            "tries": [_tried(one, sees_numbers=sees_numbers) for one in delivery.attempts.order_by("-id")[:50]],
            "may_work": self.has_work_permission(request),
        }
        whole = {**self.admin_site.each_context(request), **context}
        return TemplateResponse(request, "admin/crm/delivery/page.html", whole)


def with_last_answer(rows: QuerySet[Delivery]) -> QuerySet[Any]:
    """Give deliveries with `last_status`, the status of the latest answer."""
    last = Try.objects.filter(delivery=OuterRef("pk")).order_by("-id").values("status")[:1]
    return rows.annotate(last_status=Subquery(last))


def shown(delivery: Any) -> dict[str, Any]:
    """Give a row `with_last_answer` as a list shows it."""
    state = DeliveryState(delivery.state)
    return {"delivery": delivery, "state": WORDS[state], "tone": TONES[state], "answer": delivery.last_status}


def _tried(tried: Try, *, sees_numbers: bool) -> dict[str, Any]:
    show = str if sees_numbers else logs.hide
    return {
        "tried": tried,
        "request_headers": "\n".join(f"{name}: {value}" for name, value in tried.request_headers.items()),
        "request_body": show(_indented(tried.request_body)),
        "answer_headers": show("\n".join(f"{name}: {value}" for name, value in tried.answer_headers.items())),
        "answer_body": show(tried.answer_body),
    }


def _indented(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:  # it was cut
        return body
