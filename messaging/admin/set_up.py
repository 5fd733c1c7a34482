"""What is said by itself: numbers that text, words and their answers, texts in place of calls."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from messaging.models import FallbackRule, Keyword, Sender
from messaging.segments import measure
from messaging.states import Purpose
from messaging.words import folded, meaning
from telephony import numbers

SHORT_CODE = re.compile(r"\d{3,8}")


class SenderForm(forms.ModelForm):
    class Meta:
        model = Sender
        fields = ("number", "service_sid", "queue", "is_default", "twilio_answers")

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        if not numbers.is_e164(number) and not SHORT_CODE.fullmatch(number):
            raise forms.ValidationError(_("A number such as +14155550100, or a short code."))
        return number

    def clean_service_sid(self) -> str:
        sid: str = self.cleaned_data["service_sid"].strip()
        if sid and not re.fullmatch(r"MG[0-9a-fA-F]{32}", sid):
            raise forms.ValidationError(_("It begins with MG and has 34 characters."))
        return sid


@admin.register(Sender)
class SenderAdmin(ModelAdmin):
    form = SenderForm
    list_display = ("shown", "queue", "service_sid", "is_default", "twilio_answers")
    list_select_related = ("queue",)
    search_fields = ("number",)
    ordering = ("number",)

    @display(description=_("number"), ordering="number")
    def shown(self, sender: Sender) -> str:
        return numbers.show(sender.number)

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        """Numbers with threads stay: what was written hangs on them."""
        return super().has_delete_permission(request, row) and (row is None or not row.threads.exists())


class KeywordForm(forms.ModelForm):
    class Meta:
        model = Keyword
        fields = ("word", "language", "purpose", "reply", "is_active")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        word, purpose = data.get("word", "").strip(), data.get("purpose")
        data["word"] = word
        if word and not folded(word):
            self.add_error("word", _("A word has letters or digits."))
        if purpose == Purpose.REPLY and not word:
            self.add_error("word", _("Only STOP, START and HELP have answers for words that stand nowhere."))
        known = meaning(word) if word else None
        if known is not None and known.purpose != purpose:
            told = _("“%(word)s” stands for %(purpose)s: nothing else can be made of it.")
            self.add_error("word", told % {"word": word, "purpose": known.purpose.upper()})
        answers = bool(data.get("reply", "").strip() or data.get("media_url"))
        if purpose == Purpose.REPLY and not answers and not data.get("redirect_url"):
            self.add_error("reply", _("What is answered?"))
        if answers and data.get("redirect_url"):
            self.add_error("redirect_url", _("Either we answer, or another system does."))
        return data


@admin.register(Keyword)
class KeywordAdmin(ModelAdmin):
    form = KeywordForm
    fields = ("word", "language", "purpose", "reply", "media_url", "redirect_url", "is_active")
    list_display = ("named", "language", "purpose", "answer", "parts", "is_active")
    list_display_links = ("named",)
    list_filter = ("purpose", "language", "is_active")
    search_fields = ("word", "reply")
    ordering = ("word", "language")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if isinstance(db_field, models.URLField):
            options["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **options)

    @display(description=_("word"), ordering="word")
    def named(self, keyword: Keyword) -> str:
        return keyword.word or str(_("every word for %(purpose)s") % {"purpose": keyword.purpose.upper()})

    @display(description=_("answer"))
    def answer(self, keyword: Keyword) -> str:
        return keyword.reply or keyword.redirect_url or "-"

    @display(description=_("parts"))
    def parts(self, keyword: Keyword) -> int:
        return measure(keyword.reply).segments


@admin.register(FallbackRule)
class FallbackRuleAdmin(ModelAdmin):
    list_display = ("name", "queue", "language", "follows", "hours", "every_hours", "parts", "is_active")
    list_select_related = ("queue",)
    list_filter = ("is_active", "queue")
    search_fields = ("name", "body")
    ordering = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "is_active", "queue", "language")}),
        (_("After which calls"), {"fields": ("after_busy", "after_unanswered", "after_failed", "after_abandoned")}),
        (_("What is texted"), {"fields": ("body", "sender")}),
        (_("When"), {"fields": ("every_hours", ("opens", "closes"), "waits_hours")}),
    )

    @display(description=_("after"))
    def follows(self, rule: FallbackRule) -> str:
        wishes = {
            _("busy"): rule.after_busy,
            _("no answer"): rule.after_unanswered,
            _("failed"): rule.after_failed,
            _("missed call"): rule.after_abandoned,
        }
        return ", ".join(str(name) for name, wanted in wishes.items() if wanted) or "-"

    @display(description=_("hours"))
    def hours(self, rule: FallbackRule) -> str:
        return f"{rule.opens:%H:%M} - {rule.closes:%H:%M}"

    @display(description=_("parts"))
    def parts(self, rule: FallbackRule) -> int:
        return measure(rule.body).segments
