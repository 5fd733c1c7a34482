"""Flows: their list, the form of a new one, and the addresses of the page on which they are written."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
)

from ivr.admin import comparing, files, publishing, releases
from ivr.admin.tables import Placed, Table
from ivr.admin.workshop import checks, edits, picture, presence, replay, scenarios, shares, trying, versions, writing
from ivr.admin.workshop.page import page as workshop
from ivr.forms.fields import VoiceSelect, check_voice, language_choices, voice_choices
from ivr.forms.steps import label_of
from ivr.models import Flow, FlowLanguage, Step


class FlowForm(forms.ModelForm):
    class Meta:
        model = Flow
        fields = ("name", "description", "first")
        widgets = {"description": UnfoldAdminExpandableTextareaWidget()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "first" in self.fields:
            field = self.fields["first"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Step.objects.filter(flow=self.instance.pk).order_by("name")
            field.label_from_instance = label_of  # type: ignore[assignment]  # the admin has made the field already
            field.help_text = _("Where every call begins.")
            field.widget.can_add_related = False  # the page of a new step must know its flow


class FlowLanguageForm(forms.ModelForm):
    class Meta:
        model = FlowLanguage
        fields = ("language", "voice", "position")

    language = forms.ChoiceField(choices=language_choices, widget=UnfoldAdminSelectWidget(), label=_("Language"))
    voice = forms.ChoiceField(
        choices=voice_choices,
        widget=VoiceSelect(language="language"),
        label=_("Voice"),
        help_text=_("Reads every text of this language, unless a wording names another."),
    )

    # A number to type, no dragging: a keyboard is enough.
    position = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=99,
        label=_("Place"),
        help_text=_("Calls begin in the language with the smallest number. Empty: after all others."),
        widget=UnfoldAdminIntegerFieldWidget(attrs={"placeholder": _("last")}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_voice(self, language="language", voice="voice")
        return cleaned


class FlowLanguageInline(Table):
    model = FlowLanguage
    form = FlowLanguageForm
    formset = Placed
    min_num = 1
    ordering = ("position", "pk")
    verbose_name = _("language")
    verbose_name_plural = _("Languages: calls begin in the one with the smallest place")


@admin.register(Flow)
class FlowAdmin(ModelAdmin):
    form = FlowForm
    inlines = (FlowLanguageInline,)
    list_display = ("name", "published_now", "published_at", "description")
    list_select_related = ("published",)
    search_fields = ("name", "description")
    ordering = ("name",)
    actions = None

    def get_fieldsets(self, _request: HttpRequest, obj: Flow | None = None) -> Any:
        """A new flow has no steps yet, so no first one."""
        if obj is None:
            about = _("Name the flow and its languages first. Its steps come on the next page.")
            return [(None, {"fields": ("name", "description"), "description": about})]
        return [(None, {"fields": ("name", "description", "first")})]

    @display(description=_("callers meet"), label={"draft": "warning"})
    def published_now(self, flow: Flow) -> Any:
        return f"version {flow.published.number}" if flow.published else ("draft", _("nothing: never published"))

    @display(description=_("published"), ordering="published__published_at")
    def published_at(self, flow: Flow) -> Any:
        return flow.published.published_at if flow.published else None

    def change_view(
        self, request: HttpRequest, object_id: str, _form_url: str = "", _extra: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the workshop. Its panels save; nothing is sent here."""
        flow = self.get_object(request, object_id)
        if flow is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, flow):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return workshop(request, flow, model_admin=self)

    def response_add(self, request: HttpRequest, obj: Flow, post_url_continue: str | None = None) -> HttpResponse:
        """Go on to the page where the steps are made."""
        if "_popup" in request.POST or "_addanother" in request.POST:
            response: HttpResponse = super().response_add(request, obj, post_url_continue)
            return response
        return HttpResponseRedirect(reverse("admin:ivr_flow_change", args=[obj.pk]))

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), {"model_admin": self}, name=name)

        return [
            page("<int:flow>/picture/", picture.show, "ivr_flow_picture"),
            page("<int:flow>/edit/", edits.change, "ivr_flow_edit"),
            page("<int:flow>/steps/<int:step>/deleting/", edits.deleting, "ivr_flow_deleting"),
            page("<int:flow>/presence/", presence.tell, "ivr_flow_presence"),
            page("<int:flow>/step/", writing.step, "ivr_flow_step"),
            page("<int:flow>/done/", edits.done, "ivr_flow_done"),
            page("<int:flow>/settings/", writing.settings, "ivr_flow_settings"),
            page("<int:flow>/checks/", checks.checks, "ivr_flow_checks"),
            page("<int:flow>/try/", trying.trying, "ivr_flow_try"),
            page("<int:flow>/publish/", publishing.publish, "ivr_flow_publish"),
            *replay.urls(page),
            page("<int:flow>/undo/", publishing.undo, "ivr_flow_undo"),
            page("<int:flow>/approval/", releases.approval, "ivr_flow_approval"),
            page("<int:flow>/releases/<int:release>/", releases.release, "ivr_flow_release"),
            page("<int:flow>/compare/", comparing.compare, "ivr_flow_compare"),
            page("<int:flow>/versions/", versions.versions, "ivr_flow_versions"),
            page("<int:flow>/versions/<int:number>/", publishing.version, "ivr_flow_version"),
            page("<int:flow>/shares/<int:step>/", shares.share, "ivr_flow_share"),
            page("<int:flow>/scenarios/", scenarios.show, "ivr_flow_scenarios"),
            page("<int:flow>/scenarios/add/", scenarios.add, "ivr_flow_scenario_add"),
            page("<int:flow>/scenarios/suggestions/", scenarios.suggest, "ivr_flow_scenario_suggestions"),
            page("<int:flow>/scenarios/take-up/", scenarios.take_up, "ivr_flow_scenarios_take_up"),
            page("<int:flow>/scenarios/<int:scenario>/", scenarios.edit, "ivr_flow_scenario"),
            page("<int:flow>/scenarios/<int:scenario>/accept/", scenarios.accept, "ivr_flow_scenario_accept"),
            page("<int:flow>/scenarios/<int:scenario>/delete/", scenarios.delete, "ivr_flow_scenario_delete"),
            page("<int:flow>/file/", files.download, "ivr_flow_file"),
            page("<int:flow>/bring/", files.bring, "ivr_flow_bring"),
            page("bring/", files.bring, "ivr_flow_bring_new"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flow]:
        rows: QuerySet[Flow] = super().get_queryset(request)
        return rows.select_related("published", "first").defer("published__document")
