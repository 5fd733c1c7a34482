"""Lines: which number leads to which flow, what it does right now, and what callers hear when nothing works."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from ivr import lines
from ivr.admin.asking import ask
from ivr.admin.now import describe
from ivr.apology import EVERYTHING_ELSE
from ivr.forms.fields import VoiceSelect, check_voice, language_choices, voice_choices
from ivr.models import Line
from telephony import numbers


class LineForm(forms.ModelForm):
    emergency_language = forms.ChoiceField(
        choices=language_choices, widget=UnfoldAdminSelectWidget(), label=_("Its language"), initial="en-US"
    )
    emergency_voice = forms.ChoiceField(
        choices=lambda: [("", _("Twilio's own choice")), *voice_choices()[1:]],
        required=False,
        widget=VoiceSelect(language="emergency_language"),
        label=_("Its voice"),
    )

    class Meta:
        model = Line
        fields = ("name", "address", "flow", "emergency_text", "emergency_language", "emergency_voice", "forward_to")
        widgets = {"emergency_text": UnfoldAdminTextareaWidget(attrs={"rows": 2, "data-count": "emergency_voice"})}
        labels = {"address": _("Number or address"), "forward_to": _("Then ring")}
        help_texts = {
            "address": _(
                "What people call: +15005550100, sip:desk@company.sip.twilio.com, client:desk for calls from a "
                "browser, or * for everything that has no line of its own."
            ),
            "flow": _("What answers. Callers meet its published version."),
            "forward_to": _("A number, such as +15005550100, that is rung after the emergency text. Empty: hang up."),
        }

    class Media:
        js = [forms.Script("js/text-count.js", type="module")]

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        scheme, colon, rest = address.partition(":")
        if address == EVERYTHING_ELSE or (colon and scheme.lower() in ("sip", "sips", "client") and rest):
            return lines.address(address)
        number = numbers.parse(address, country="")
        if number is None:
            raise ValidationError(_("Write a number with + and country code, sip:…, client:… or *."))
        return number

    def clean_forward_to(self) -> str:
        typed: str = self.cleaned_data["forward_to"].strip()
        number = numbers.parse(typed, country="") if typed else ""
        if number is None:
            raise ValidationError(_("Write a number with + and country code."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_voice(self, language="emergency_language", voice="emergency_voice")
        return cleaned


class LineChangeList(ChangeList):
    """The lines of a page, each with what it does now."""

    result_list: list[Any]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        found = describe(self.result_list, at=now())
        for line in self.result_list:
            line.now = found[line.pk]


@admin.register(Line)
class LineAdmin(ModelAdmin):
    form = LineForm
    list_display = ("name", "shown", "flow", "does", "trouble")
    list_select_related = ("flow__published",)
    list_filter = ("flow",)
    search_fields = ("name", "address")
    ordering = ("name",)
    actions = None
    change_form_outer_before_template = "admin/ivr/line_now.html"
    fieldsets = (
        (None, {"fields": ("name", "address", "flow")}),
        (
            _("When nothing works"),
            {
                "description": _("What callers hear when the flow cannot be walked, even with the database away."),
                "fields": ("emergency_text", ("emergency_language", "emergency_voice"), "forward_to"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Line]:
        rows: QuerySet[Line] = super().get_queryset(request)
        return rows.select_related("flow__published").defer("flow__published__document")

    def get_changelist(self, _request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return LineChangeList

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        line = self.get_object(request, object_id)
        context = {"now": describe([line], at=now())[line.pk], **ask(request, [line])} if line else {}
        response: HttpResponse = super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})
        return response

    @display(description=_("number"), ordering="address")
    def shown(self, line: Line) -> str:
        return str(_("all others")) if line.address == EVERYTHING_ELSE else numbers.show(line.address)

    @display(description=_("callers meet now"))
    def does(self, line: Any) -> str:
        return line.now.sentence

    @display(description=_("needs attention"))
    def trouble(self, line: Any) -> str:
        return line.now.trouble or "-"
