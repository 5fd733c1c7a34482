"""The ledger of consent, to find and to read. Nothing here changes it."""

import re
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from calls.admin import DayFilter
from calls.ends import hidden
from calls.models import Call
from compliance.models import Consent
from compliance.sentences import ANSWERS, MODES, PARTIES
from compliance.states import Answer
from telephony import numbers

ANSWER_COLORS: dict[str, str] = {
    Answer.TOLD: "info",
    Answer.AGREED: "success",
    Answer.REFUSED: "danger",
    Answer.SILENT: "warning",
    Answer.WITHDRAWN: "danger",
}


class WordFilter(admin.SimpleListFilter):
    """By one of the words of a column, told as people say it."""

    words: dict[str, Promise | str]

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.words.items())

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Consent]) -> QuerySet[Consent]:
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


class AnswerFilter(WordFilter):
    title, parameter_name, words = _("answer"), "answer", ANSWERS


class PartyFilter(WordFilter):
    title, parameter_name, words = _("who"), "party", PARTIES


class ModeFilter(WordFilter):
    title, parameter_name, words = _("whom the policy asks"), "mode", MODES


@admin.register(Consent)
class ConsentAdmin(ModelAdmin):
    list_filter = (AnswerFilter, PartyFilter, ModeFilter, ("policy", RelatedDropdownFilter), ("at", DayFilter))
    list_filter_submit = True
    list_select_related = ("call", "policy", "noted_by")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-at",)
    search_fields = ("call__sid",)
    search_help_text = _("A number, written in any way, or a part of it; or a CallSid.")
    actions = None

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("when", self._end(request), "party_name", "shown_answer", "policy", "asked_whom", "text", "noted_by")

    def get_fields(self, request: HttpRequest, _entry: Any = None) -> tuple[Any, ...]:
        return (
            ("when", self._end(request)),
            ("party_name", "shown_answer", "key", "noted_by"),
            ("policy", "asked_whom"),
            "wording",
            ("language", "version"),
            ("leg", "id"),
        )

    def get_readonly_fields(self, request: HttpRequest, _entry: Any = None) -> tuple[str, ...]:
        return ("when", self._end(request), "party_name", "shown_answer", "asked_whom", "id")

    def _end(self, request: HttpRequest) -> str:
        return "customer" if request.user.has_perm("calls.view_numbers") else "hidden_customer"

    @display(description=_("when"), ordering="at")
    def when(self, entry: Consent) -> str:
        return date_format(timezone.localtime(entry.at), "j M Y, H:i:s")

    @display(description=_("call of"))
    def customer(self, entry: Consent) -> SafeString:
        return _link(entry.call, numbers.show(_number(entry.call)))

    @display(description=_("call of"))
    def hidden_customer(self, entry: Consent) -> SafeString:
        return _link(entry.call, hidden(_number(entry.call)))

    @display(description=_("who"), ordering="party")
    def party_name(self, entry: Consent) -> str:
        who = str(PARTIES.get(entry.party, entry.party))
        return f"{who}: {entry.name}" if entry.name else who

    @display(description=_("answer"), ordering="answer", label=ANSWER_COLORS)
    def shown_answer(self, entry: Consent) -> tuple[str, str]:
        return entry.answer, str(ANSWERS.get(entry.answer, entry.answer))

    @display(description=_("whom the policy asks"), ordering="mode")
    def asked_whom(self, entry: Consent) -> str:
        return str(MODES.get(entry.mode, entry.mode))

    @display(description=_("text"))
    def text(self, entry: Consent) -> str:
        if not entry.wording:
            return str(_("said to an agent")) if entry.noted_by_id else "-"
        return (
            f"{entry.language}, {_('version')} {entry.version}"
            if entry.version
            else f"{entry.language}, {_('built in')}"
        )

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Consent], search_term: str
    ) -> tuple[QuerySet[Consent], bool]:
        """Find by a number however it is written, or by a CallSid, also that of the leg on which it was heard."""
        text = search_term.strip()
        if not text:
            return queryset, False
        if re.fullmatch(r"CA[0-9a-fA-F]+", text):
            found = queryset.filter(call__sid__startswith=text) | queryset.filter(leg__startswith=text)
            return found, False
        return queryset.filter(call__in=Call.objects.numbered(text)), False

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _entry: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _entry: Any = None) -> bool:
        return False


def _number(call: Call) -> str:
    return call.to_number if call.direction.startswith("outbound") else call.from_number


def _link(call: Call, text: str) -> SafeString:
    address = reverse("admin:calls_call_change", args=[call.pk])
    return format_html('<a class="cc-link cc-number" href="{}">{}</a>', address, text)
