"""The ledger of who wants no texts or no calls: read, written into, and ended; nothing else of it changes."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from contacts import actions
from contacts.admin.shown import person, shown_to, written
from contacts.models import OptOut
from contacts.reading import names
from contacts.states import Channel, How
from telephony import numbers

CHANNELS = {Channel.TEXTS: gettext_lazy("texts"), Channel.CALLS: gettext_lazy("calls")}
HOWS = {
    How.TEXT: gettext_lazy("by a text"),
    How.CALL: gettext_lazy("in a call"),
    How.SAID: gettext_lazy("said to us"),
    How.API: gettext_lazy("by the API"),
    How.FILE: gettext_lazy("by a file"),
    How.TWILIO: gettext_lazy("told by Twilio"),
    How.ERASURE: gettext_lazy("by an erasure"),
}


class PresentFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("present", _("in force")), ("ended", _("ended"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[OptOut]) -> QuerySet[OptOut]:
        match self.value():
            case "present":
                return queryset.filter(ended_at__isnull=True)
            case "ended":
                return queryset.filter(ended_at__isnull=False)
        return queryset


class OptOutForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number"), max_length=64, widget=forms.TextInput(attrs={"class": "cc-input"})
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Wants no"), choices=list(CHANNELS.items()), widget=forms.Select(attrs={"class": "cc-input"})
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("How you know, such as a letter of March 3."),
        widget=forms.TextInput(attrs={"class": "cc-input"}),
    )

    def clean_number(self) -> str:
        number = numbers.parse(self.cleaned_data["number"], country=settings.DEFAULT_COUNTRY)
        if number is None:
            raise forms.ValidationError(_("This is no number that could be rung."))
        return number


@admin.register(OptOut)
class OptOutAdmin(ModelAdmin):
    list_filter = (PresentFilter, "channel", "how")
    list_select_related = ("by", "ended_by")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-at", "pk")
    search_fields = ("number",)
    search_help_text = gettext_lazy("A number, written in any way, or a part of it.")
    actions = None

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        show = shown_to(request.user)

        @display(description=gettext_lazy("number"))
        def number(entry: OptOut) -> str:
            return show(entry.number)

        return (number, "wants_no", "since", "told", "by", "ended")

    @display(description=gettext_lazy("wants no"), ordering="channel")
    def wants_no(self, entry: OptOut) -> str:
        return str(CHANNELS[Channel(entry.channel)])

    @display(description=gettext_lazy("since"), ordering="at")
    def since(self, entry: OptOut) -> str:
        return written(entry.at)

    @display(description=gettext_lazy("how"), ordering="how")
    def told(self, entry: OptOut) -> str:
        return str(HOWS[How(entry.how)])

    @display(description=gettext_lazy("ended"), ordering="ended_at")
    def ended(self, entry: OptOut) -> str:
        return written(entry.ended_at)

    def get_search_results(
        self, _request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[OptOut], bool]:
        text = search_term.strip()
        return (queryset.numbered(text) if text else queryset), False

    def has_delete_permission(self, _request: HttpRequest, _entry: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        end = self.admin_site.admin_view(self.end_view)
        return [path("<uuid:entry>/end/", end, name="contacts_optout_end"), *super().get_urls()]

    def add_view(self, request: HttpRequest, *_rest: Any, **_more: Any) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = OptOutForm(request.POST or None, initial={"number": request.GET.get("number", "")})
        if request.method == "POST" and form.is_valid():
            entry = actions.opt_out(
                form.cleaned_data["number"],
                Channel(form.cleaned_data["channel"]),
                how=How.SAID,
                by=person(request),
                note=form.cleaned_data["note"],
                at=timezone.now(),
            )
            return HttpResponseRedirect(reverse("admin:contacts_optout_change", args=[entry.pk]))
        return self._shown(request, "form", _("Note an opt-out"), form=form)

    def change_view(self, request: HttpRequest, object_id: str, *_rest: Any, **_more: Any) -> HttpResponseBase:
        entry = self.get_object(request, object_id)
        if entry is None or not self.has_view_permission(request, entry):
            raise PermissionDenied
        return self._shown(
            request,
            "entry",
            _("Opt-out"),
            original=entry,
            entry=entry,
            number=shown_to(request.user)(entry.number),
            name=names([entry.number]).get(entry.number, ""),
            wants_no=CHANNELS[Channel(entry.channel)],
            how=HOWS[How(entry.how)],
            ended_how=HOWS[How(entry.ended_how)] if entry.ended_how else "",
            may_end=entry.ended_at is None and self.has_change_permission(request, entry),
        )

    def end_view(self, request: HttpRequest, entry: Any) -> HttpResponseBase:
        """Note that somebody takes texts or calls again."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.get_object(request, str(entry))
        if row is None or not self.has_change_permission(request, row):
            raise PermissionDenied
        note = request.POST.get("note", "").strip()
        if not note:
            messages.error(request, _("Write how you know that the person wants it again."))
        else:
            given: dict[str, Any] = {"how": How.SAID, "by": person(request), "note": note, "at": timezone.now()}
            actions.opt_in(row.number, Channel(row.channel), **given)
            messages.success(request, _("Noted. The entry stays, with its end."))
        return HttpResponseRedirect(reverse("admin:contacts_optout_change", args=[entry]))

    def _shown(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponseBase:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"admin/contacts/optout/{template}.html", whole)
