"""Orders to call somebody: how each stands, why one was refused, and the button that cancels it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.models import User
from calls.ends import shown_to
from dialing.models import Limits
from dialing.reading import limits, sentence
from dialing.states import Rule
from outbound import actions
from outbound.actions import NotNow
from outbound.models import Order
from outbound.states import Kind, OrderState, Outcome

COLORS: dict[str, str] = {
    OrderState.WAITING: "info",
    OrderState.DIALING: "info",
    OrderState.TALKING: "info",
    OrderState.DONE: "success",
    OrderState.UNREACHED: "warning",
    OrderState.REFUSED: "warning",
    OrderState.EXPIRED: "warning",
    OrderState.CANCELED: "info",
}
OUTCOMES: dict[str, Any] = {
    Outcome.ANSWERED: _("answered"),
    Outcome.MESSAGE: _("a machine was left the message"),
    Outcome.MACHINE: _("a machine was hung up on"),
    Outcome.BUSY: _("busy"),
    Outcome.NO_ANSWER: _("nobody answered"),
    Outcome.FAILED: _("could not be rung"),
    Outcome.AGENT_UNREACHED: _("the agent did not pick up: the number was not rung"),
    Outcome.CANCELED: _("we gave up ringing"),
    Outcome.LOST: _("nothing was heard of the call: it is not tried again, or somebody might be rung twice"),
}


@admin.register(Order)
class OrderAdmin(ModelAdmin):
    list_filter = ("state", "kind", ("queue", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agent", "queue", "flow")
    list_per_page = 25
    ordering = ("-made_at",)
    search_fields = ("number", "reference")
    search_help_text = _("A number or a part of it, or the reference of whoever ordered it.")
    actions = ("cancel_selected",)
    show_full_result_count = False

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbound.change_order")

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("made", _number(request), "whom", "queue", "shown_state", "what_came", "next_try", "reference")

    def get_fields(self, request: HttpRequest, _row: Any = None) -> list[Any]:
        return [
            *("made", "made_by", _number(request), "whom", "queue", "caller_id", "reference", "shown_state"),
            *("what_came", "tries", "most_tries", "next_try", "expires_at", "version", "message"),
            *("answered_by", "answered_by_after", "call", "conversation"),
        ]

    def get_readonly_fields(self, request: HttpRequest, row: Any = None) -> list[Any]:
        return self.get_fields(request, row)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        assert isinstance(request.user, User)
        self._limits: Limits = limits()
        return Order.objects.visible_to(request.user)

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        term = search_term.strip()
        digits = "".join(filter(str.isdecimal, term)).lstrip("0")
        found = queryset.filter(reference=term)
        if len(digits) >= 4:
            found = found | queryset.filter(number__contains=digits)
        return (found if term else queryset), False

    @admin.action(description=_("Cancel these"), permissions=["cancel"])
    def cancel_selected(self, request: HttpRequest, rows: QuerySet[Order]) -> None:
        done = 0
        for order_id in rows.values_list("pk", flat=True):
            try:
                actions.cancel(order_id, at=timezone.now())
            except NotNow as refusal:
                messages.warning(request, str(refusal))
            else:
                done += 1
        if done:
            messages.success(request, ngettext("%d order canceled.", "%d orders canceled.", done) % done)

    @display(description=_("ordered"), ordering="made_at")
    def made(self, order: Order) -> str:
        return _written(order.made_at)

    @display(description=_("meets"))
    def whom(self, order: Order) -> str:
        return str(order.agent or "-") if order.kind == Kind.CLICK else str(_("flow %(name)s") % {"name": order.flow})

    @display(description=_("state"), ordering="state", label=COLORS)
    def shown_state(self, order: Order) -> tuple[str, str]:
        return order.state, order.state

    @display(description=_("what came of it"))
    def what_came(self, order: Order) -> str:
        if order.refused_by:
            return sentence(Rule(order.refused_by), order.number, self._limits)
        return str(OUTCOMES.get(order.outcome, ""))

    @display(description=_("not before"), ordering="not_before")
    def next_try(self, order: Order) -> str:
        return _written(order.not_before) if order.state == OrderState.WAITING else "-"


def _number(request: HttpRequest) -> Any:
    show = shown_to(request.user)

    @display(description=_("number"))
    def number(order: Order) -> str:
        return show(order.number)

    return number


def _written(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
