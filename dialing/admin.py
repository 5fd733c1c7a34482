"""The limits of calls out, and the ledger of who was dialed and why somebody was not."""

from typing import Any

from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from calls.ends import shown_to
from dialing.models import Attempt, Limits
from dialing.reading import sentence
from dialing.states import Purpose, Rule

PURPOSES = {
    Purpose.CALLBACK: _("callback of a queue"),
    Purpose.RETURN: _("call back of a message"),
    Purpose.CLICK: _("by an agent"),
    Purpose.FLOW: _("walks a flow"),
    Purpose.TRANSFER: _("transfer"),
}


@admin.register(Limits)
class LimitsAdmin(ModelAdmin):
    """One row: its list leads to it."""

    formfield_overrides = {ArrayField: {"widget": UnfoldAdminTextInputWidget}}
    fieldsets = (
        (
            _("Whom, and when"),
            {"fields": ("countries", ("opens", "closes")), "description": _("The same time twice means at any hour.")},
        ),
        (
            _("How often one number"),
            {"fields": (("number_per_hour", "number_per_day"), ("attempts", "attempt_days"))},
        ),
        (_("How much in all"), {"fields": (("per_hour", "per_day"), ("spend_per_day", "spend_per_month"))}),
        (_("What a call is thought to cost"), {"fields": (("minutes", "rate"),)}),
        (_("Answering machines"), {"fields": ("detects",)}),
    )

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def changelist_view(self, _request: HttpRequest, _extra_context: Any = None) -> HttpResponseBase:
        return HttpResponseRedirect(reverse("admin:dialing_limits_change", args=[1]))


@admin.register(Attempt)
class AttemptAdmin(ModelAdmin):
    list_filter = ("purpose", "rule", ("by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("by", "call")
    list_per_page = 50
    ordering = ("-at",)
    search_fields = ("number",)
    search_help_text = _("A number, or a part of it.")
    date_hierarchy = None
    show_full_result_count = False

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("dialed", _number(request), "why", "outcome", "cost", "by")

    def get_fields(self, request: HttpRequest, _row: Any = None) -> list[Any]:
        return ["dialed", _number(request), "country", "why", "outcome", "estimate", "price", "currency", "by", "call"]

    def get_readonly_fields(self, request: HttpRequest, row: Any = None) -> list[Any]:
        return self.get_fields(request, row)

    def get_search_results(self, _request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        digits = "".join(filter(str.isdecimal, search_term)).lstrip("0")
        if digits:
            return queryset.filter(number__contains=digits), False
        return queryset.none() if search_term.strip() else queryset, False

    @display(description=_("when"), ordering="at")
    def dialed(self, attempt: Attempt) -> str:
        return date_format(timezone.localtime(attempt.at), "DATETIME_FORMAT")

    @display(description=_("what for"), ordering="purpose")
    def why(self, attempt: Attempt) -> str:
        return str(PURPOSES[Purpose(attempt.purpose)])

    @display(description=_("what came of it"))
    def outcome(self, attempt: Attempt) -> str:
        if attempt.rule:
            return sentence(Rule(attempt.rule), attempt.number, self._limits)
        if attempt.withdrawn_at is not None:
            return str(_("nobody was rung after all"))
        return str(attempt.call.status if attempt.call else _("let through"))

    @display(description=_("cost"), ordering="price")
    def cost(self, attempt: Attempt) -> str:
        if attempt.price is not None:
            return f"{attempt.price:.4f} {attempt.currency}"
        return "" if attempt.rule else str(_("about %(amount).4f") % {"amount": attempt.estimate})

    def get_queryset(self, request: HttpRequest) -> Any:
        self._limits = Limits.objects.first() or Limits()
        return super().get_queryset(request)


def _number(request: HttpRequest) -> Any:
    show = shown_to(request.user)

    @display(description=_("number"))
    def number(attempt: Attempt) -> str:
        return show(attempt.number)

    return number
