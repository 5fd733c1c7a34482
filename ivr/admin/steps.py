"""A step: one page with what it says, how it behaves and where the call goes next, in the form of its kind."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminRelatedFieldWrapperWidget

from agents.models import User
from ivr.actions import editing
from ivr.admin.tables import Placed, Table
from ivr.admin.words import ABOUT
from ivr.drafting import raw
from ivr.drafting.references import REFERENCES
from ivr.forms import branches, options, waits
from ivr.forms.steps import StepForm, step_form
from ivr.kinds import KINDS
from ivr.kinds.base import Step as Kind
from ivr.kinds.branch import Branch
from ivr.kinds.caller import Caller
from ivr.kinds.language import Language
from ivr.kinds.look_up import LookUp
from ivr.kinds.raw_twiml import RawTwiml
from ivr.kinds.share import Share
from ivr.models import Exit, Flow, Step, StepPrompt, WaitItem


class LinkedSelect(UnfoldAdminRelatedFieldWrapperWidget):
    """A choice with links that change what is chosen or make a new one, in the same flow."""

    flow = 0

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        if self.flow:
            context["url_params"] += f"&flow={self.flow}"
        return context


class OptionInline(Table):
    """What callers can choose in a menu."""

    model = Exit
    fk_name = "step"
    form = options.OptionForm
    ordering = ("position", "pk")
    verbose_name = _("option")
    verbose_name_plural = _("Options")

    #: the fields in their order, where those that are no columns stand between the others
    shown: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Exit]:
        rows: QuerySet[Exit] = super().get_queryset(request)
        return rows.filter(is_option=True)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if not self.shown:
            return super().get_fields(request, obj)
        return self.shown if self.has_change_permission(request, obj) else ("name", "words", "target")

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        flow = obj.flow if isinstance(obj, Step) else _flow(request)
        return super().get_formset(request, obj, form=options.of_flow(self.form, flow), **kwargs)


class LanguageOptionInline(OptionInline):
    form = options.LanguageOptionForm


class WaitOptionInline(OptionInline):
    """What callers can press while they wait."""

    form = options.WaitOptionForm
    verbose_name_plural = _("Keys while waiting")


class ValueOptionInline(OptionInline):
    """Ways by what a look-up was answered."""

    form = options.ValueOptionForm
    verbose_name_plural = _("Ways by a value of the answer")


class DoneOptionInline(OptionInline):
    """Ways by what the caller did in raw TwiML."""

    form = options.DoneOptionForm
    verbose_name_plural = _("Ways by what the caller did")


class AttributeOptionInline(OptionInline):
    """Ways by an attribute of the contact who calls."""

    form = options.AttributeOptionForm
    verbose_name_plural = _("Ways by a value of the attribute")


class BranchRows(branches.BranchRows, Placed):
    pass


class BranchOptionInline(OptionInline):
    """Ways by what is known, looked at one after the other."""

    form = branches.BranchOptionForm
    formset = BranchRows
    shown = branches.BranchOptionForm.field_order
    verbose_name_plural = _("Ways: the first that fits is taken")


class ShareOptionInline(OptionInline):
    """Ways by chance."""

    form = branches.ShareOptionForm
    formset = branches.ShareRows
    shown = branches.ShareOptionForm.field_order
    verbose_name_plural = _("Ways, with 100 percent together")


class WaitItemInline(Table):
    """What callers hear while they wait, one after the other and from the beginning again."""

    model = WaitItem
    form = waits.WaitItemForm
    formset = Placed
    ordering = ("position", "pk")
    verbose_name = _("item")
    verbose_name_plural = _("While callers wait they hear, in turn and again")

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        return super().get_formset(request, obj, form=waits.offering_prompts(self.form), **kwargs)


#: in which rows the options are written, where a kind has its own
OPTIONS: Mapping[type[Kind], type[OptionInline]] = {
    Language: LanguageOptionInline,
    LookUp: ValueOptionInline,
    Caller: AttributeOptionInline,
    Branch: BranchOptionInline,
    Share: ShareOptionInline,
    RawTwiml: DoneOptionInline,
}


@admin.register(Step)
class StepAdmin(ModelAdmin):
    list_display = ("name", "kind", "flow")
    list_filter = ("kind", "flow")
    list_select_related = ("flow",)
    search_fields = ("name", "flow__name")
    ordering = ("flow__name", "name")
    actions = None
    warn_unsaved_form = True
    show_add_link = False
    change_form_outer_before_template = "admin/ivr/step_place.html"
    readonly_fields = ("twiml",)

    def has_module_permission(self, _request: HttpRequest) -> bool:
        return False  # steps are reached through their flow

    def has_add_permission(self, request: HttpRequest) -> bool:
        wanted = request.GET.get("kind", "")
        return super().has_add_permission(request) and (wanted not in raw.RAW or raw.may_write(_person(request)))

    def has_change_permission(self, request: HttpRequest, obj: Step | None = None) -> bool:
        may: bool = super().has_change_permission(request, obj)
        return may and (obj is None or obj.kind not in raw.RAW or raw.may_write(_person(request)))

    def has_delete_permission(self, request: HttpRequest, obj: Step | None = None) -> bool:
        may: bool = super().has_delete_permission(request, obj)
        return may and (obj is None or obj.kind not in raw.RAW or raw.may_write(_person(request)))

    # ---- the form of the kind

    def get_form(self, request: HttpRequest, obj: Step | None = None, **_: Any) -> Any:
        kind, flow = (obj.kind, obj.flow) if obj else (_kind(request), _flow(request))
        form = step_form(KINDS[kind], flow)
        for name in form.prompt_fields():
            self._link(form, name, StepPrompt._meta.get_field("prompt"), request)
        for name in form.exit_fields():
            self._link(form, name, Exit._meta.get_field("target"), request).flow = flow.pk
        if form.kind.TAKES:
            self._link(form, form.kind.TAKES, Step._meta.get_field(form.kind.TAKES), request)
        return form

    def _link(self, form: type[StepForm], name: str, source: Any, request: HttpRequest) -> LinkedSelect:
        field = form.base_fields[name]
        related = self.admin_site.get_model_admin(source.remote_field.model)
        field.widget = LinkedSelect(
            field.widget,
            source.remote_field,
            self.admin_site,
            can_add_related=related.has_add_permission(request),
            can_change_related=related.has_change_permission(request),
        )
        return field.widget

    def get_fieldsets(self, request: HttpRequest, obj: Step | None = None) -> Any:
        if not self._may_write(request, obj):
            if obj is not None and obj.kind in raw.RAW:
                return [(None, {"fields": ("name", "kind", "flow", "twiml"), "description": raw.REFUSED})]
            return [(None, {"fields": ("name", "kind", "flow", *REFERENCES)})]
        form = self.get_form(request, obj)
        kind = form.kind
        sections = (
            (None, ["name", *([kind.TAKES] if kind.TAKES else [])], ABOUT.get(kind.KIND, "")),
            (_("What people hear"), form.prompt_fields(), ""),
            (_("How it behaves"), form.setting_fields(), ""),
            (
                _("Where the call goes next"),
                form.exit_fields(),
                _("Besides the options below.") if kind.HAS_OPTIONS else "",
            ),
        )
        return [(title, {"fields": fields, "description": about}) for title, fields, about in sections if fields]

    def _may_write(self, request: HttpRequest, obj: Step | None) -> bool:
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def get_inlines(self, request: HttpRequest, obj: Step | None) -> list[type[Table]]:
        kind = KINDS[obj.kind if obj else _kind(request)]
        if kind.HAS_WAIT:
            return [WaitItemInline, WaitOptionInline]
        if not kind.HAS_OPTIONS:
            return []
        return [OPTIONS.get(kind, OptionInline)]

    # ---- the pages

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for the kind first, then show its form."""
        flow = _flow(request)
        if request.GET.get("kind") not in KINDS:
            return self._pick_kind(request, flow)
        title = _("New step in flow %(flow)s: %(kind)s") % {"flow": flow, "kind": KINDS[_kind(request)].LABEL}
        response: HttpResponse = super().add_view(
            request, form_url, {"title": title, "flow": flow, **(extra_context or {})}
        )
        return response

    def _pick_kind(self, request: HttpRequest, flow: Flow) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("New step in flow %(flow)s: what should it do?") % {"flow": flow},
            "opts": self.opts,
            "flow": flow,
            "is_popup": "_popup" in request.GET,
            "kinds": [
                (self._adding(request, key), kind.LABEL, ABOUT.get(key, ""), raw.REFUSED) for key, kind in KINDS.items()
            ],
        }
        return TemplateResponse(request, "admin/ivr/pick_kind.html", context)

    def _adding(self, request: HttpRequest, kind: str) -> str:
        """Give the address of the form for a new step of a kind; "" where this person may make none."""
        return "" if kind in raw.RAW and not raw.may_write(_person(request)) else _with(request, kind=kind)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        step = self.get_object(request, object_id)
        if step is not None:
            context = {"title": f"{step.name} ({step.get_kind_display()})", "subtitle": None, "flow": step.flow}
            context["show_save_and_add_another"] = False  # the next step has another kind, which is asked first
            extra_context = {**context, **(extra_context or {})}
        response: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Save as the workshop does: noted, so that it can be undone there."""
        step = self.get_object(request, object_id) if object_id else None
        if request.method != "POST" or (object_id and step is None):
            response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
            return response
        flow = step.flow if step else _flow(request)
        with editing.edit(flow.pk, by=_person(request), at=now()) as edit:
            changed = _("Changed “%(step)s” on its page")
            edit.words = str(changed % {"step": step.name} if step else _("Added a step on its page"))
            saved: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return saved

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        rows: QuerySet[Step] = super().get_queryset(request)
        return rows.select_related("flow")

    def response_post_save_add(self, _request: HttpRequest, obj: Step) -> HttpResponse:
        return _to_flow(obj.flow_id)

    def response_post_save_change(self, _request: HttpRequest, obj: Step) -> HttpResponse:
        return _to_flow(obj.flow_id)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        step = self.get_object(request, object_id)
        if step is None or request.method != "POST":
            response: HttpResponse = super().delete_view(request, object_id, extra_context)
            return response
        words = str(_("Deleted “%(step)s”") % {"step": step.name})
        with editing.edit(step.flow_id, by=_person(request), at=now(), words=words):
            deleted: HttpResponse = super().delete_view(request, object_id, extra_context)
        return _to_flow(step.flow_id) if isinstance(deleted, HttpResponseRedirect) else deleted

    @display(description="TwiML")
    def twiml(self, step: Step) -> str:
        return format_html('<pre class="cc-code">{}</pre>', step.settings.get("twiml", ""))

    @display(description=_("kind"), label=True, ordering="kind")
    def kind_label(self, step: Step) -> str:
        return step.get_kind_display()


def _flow(request: HttpRequest) -> Flow:
    value = request.GET.get("flow", "")
    if not value.isdigit():
        raise Http404("a step belongs to a flow: add it from the flow's page")
    return get_object_or_404(Flow, pk=int(value))


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # nobody else is let in
    return request.user


def _kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        raise Http404("no such kind of step")
    return kind


def _with(request: HttpRequest, **parameters: str) -> str:
    query = request.GET.copy()
    for name, value in parameters.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _to_flow(flow: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:ivr_flow_change", args=[flow]))
