"""Prompts and the sounds they may play."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline
from unfold.decorators import display

from ivr.admin import translating, wordings
from ivr.forms.fields import voices_by_language
from ivr.forms.prompts import AudioForm, WordingForm
from ivr.models import Audio, Prompt, Wording


class WordingInline(StackedInline):
    model = Wording
    form = WordingForm
    extra = 0
    min_num = 1
    ordering = ("language",)
    fields = (("language", "voice"), "text", ("audio", "upload"))
    verbose_name = _("language")
    verbose_name_plural = _("What is said, in each language")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Wording]:
        rows: QuerySet[Wording] = super().get_queryset(request)
        return rows.select_related("audio")


@admin.register(Prompt)
class PromptAdmin(ModelAdmin):
    inlines = (WordingInline,)
    list_display = ("name", "words", "languages")
    list_filter = ("wordings__language",)
    search_fields = ("name", "wordings__text")
    ordering = ("name",)
    actions = None
    warn_unsaved_form = True
    list_before_template = "admin/ivr/prompts_before.html"
    fieldsets = (
        (
            None,
            {
                "fields": ("name",),
                "description": _(
                    "Something callers hear. Steps choose prompts by their name, and several steps may share one. "
                    "What you change here reaches callers when a flow that says it is published again."
                ),
            },
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), {"model_admin": self}, name=name)

        return [
            path("voices/", self.admin_site.admin_view(_voices), name="ivr_voices"),
            page("table/", translating.table, "ivr_prompt_table"),
            page("table/sheet/", translating.give_out, "ivr_prompt_export"),
            page("table/import/", translating.take_in, "ivr_prompt_import"),
            page("<int:prompt>/edit/", wordings.edit, "ivr_prompt_edit"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prompt]:
        rows: QuerySet[Prompt] = super().get_queryset(request)
        return rows.prefetch_related("wordings__audio")

    @display(description=_("words"))
    def words(self, prompt: Prompt) -> str:
        first = next(iter(prompt.wordings.all()), None)
        if first is None:
            return "-"
        text = f"♪ {first.audio}" if first.audio else first.text
        return text if len(text) <= 120 else f"{text[:119]}…"

    @display(description=_("languages"))
    def languages(self, prompt: Prompt) -> str:
        return ", ".join(sorted(row.language for row in prompt.wordings.all()))


def _voices(_request: HttpRequest) -> JsonResponse:
    """Give all voices by language to the forms that choose one."""
    return JsonResponse(voices_by_language(), headers={"Cache-Control": "private, max-age=3600"})


@admin.register(Audio)
class AudioAdmin(ModelAdmin):
    form = AudioForm
    list_display = ("name", "length", "uploaded_at")
    search_fields = ("name",)
    ordering = ("name",)
    actions = None
    readonly_fields = ("player", "length", "uploaded_at")

    def get_fieldsets(self, _request: HttpRequest, obj: Audio | None = None) -> Any:
        if obj is None:
            about = _(
                "A sound that prompts can play. Its bytes never change afterwards; upload another one to replace it."
            )
            return [(None, {"fields": ("name", "upload"), "description": about})]
        return [(None, {"fields": ("name", "player", "length", "uploaded_at")})]

    @display(description=_("length"), ordering="seconds")
    def length(self, audio: Audio) -> str:
        return f"{int(audio.seconds // 60)}:{round(audio.seconds % 60):02d}"

    @display(description=_("listen"))
    def player(self, audio: Audio) -> str:
        return format_html('<audio controls preload="none" src="{}"></audio>', reverse("prompt", args=[audio.sha256]))
