"""Agents with their skills and endpoints, the teams they are in, and the reasons they may give for a pause."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from agents import actions, presence
from agents.admin import intake
from agents.admin.accounts import person
from agents.admin.presence import COLORS, context_of_day
from agents.exchange import sheet
from agents.models import Agent, AgentSkill, Endpoint, PresenceChange, Reason, Skill, Team
from agents.states import EndpointKind
from sheets.table import Wrong


class EndpointForm(forms.ModelForm):
    class Meta:
        model = Endpoint
        fields = ("position", "kind", "address")

    def clean(self) -> dict[str, Any]:
        """Write telephone numbers as Twilio takes them, and let the address fit the kind."""
        cleaned: dict[str, Any] = super().clean() or {}
        kind, address = cleaned.get("kind"), cleaned.get("address", "").strip()
        if kind == EndpointKind.BROWSER and address:
            raise ValidationError({"address": _("A browser phone has no address.")})
        if kind and kind != EndpointKind.BROWSER:
            try:
                found = sheet.endpoint(address, country=settings.DEFAULT_COUNTRY)
            except Wrong as wrong:
                raise ValidationError({"address": _("Write +15005550100 or sip:ann@company.example.")}) from wrong
            if found[0] != kind:
                raise ValidationError({"address": _("This is an address of another kind.")})
            cleaned["address"] = found[1]
        return cleaned


class EndpointInline(TabularInline):
    model = Endpoint
    form = EndpointForm
    fields = ("position", "kind", "address")
    ordering = ("position", "pk")
    extra = 0
    min_num = 1
    hide_title = True
    verbose_name = _("endpoint")
    verbose_name_plural = _("Where to ring, the first that can ring is used")


class SkillInline(TabularInline):
    model = AgentSkill
    fields = ("skill", "level")
    ordering = ("skill__name",)
    extra = 0
    hide_title = True
    verbose_name = _("skill")
    verbose_name_plural = _("Skills, 1 is a beginner and 10 the best")


@admin.register(Agent)
class AgentAdmin(ModelAdmin):
    list_display = ("name", "shown_team", "standing", "since", "skilled", "user", "is_active")
    list_filter = ("team", "is_active", ("skills__skill", admin.RelatedOnlyFieldListFilter))
    list_filter_submit = True
    search_fields = ("name", "user__username")
    ordering = ("name",)
    autocomplete_fields = ("user",)
    inlines = (SkillInline, EndpointInline)
    actions = None
    actions_list = ("import_file", "export_file")
    change_form_outer_after_template = "admin/agents/day.html"

    class Media:
        css = {"all": ["css/call.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        agents = Agent.objects.supervised_by(request.user).observed().select_related("user", "team")
        present = PresenceChange.objects.present().filter(agent=OuterRef("pk")).values("at")
        agents = agents.prefetch_related("skills__skill").annotate(stands_since=Subquery(present))
        return agents.order_by(*self.ordering)

    def has_change_permission(self, request: HttpRequest, agent: Agent | None = None) -> bool:
        """Who may change skills alone may save this page too; the agent's own fields are then only shown."""
        return super().has_change_permission(request, agent) or request.user.has_perm("agents.change_agentskill")

    def get_readonly_fields(self, request: HttpRequest, agent: Agent | None = None) -> Any:
        may_change = super().has_change_permission(request, agent)
        return () if may_change or agent is None else ("account", "name", "team", "languages", "is_active")

    def get_fieldsets(self, request: HttpRequest, agent: Agent | None = None) -> Any:
        """Where the account is only shown, it is no link: who may see agents need not see accounts."""
        who = "account" if self.get_readonly_fields(request, agent) else "user"
        return ((None, {"fields": ((who, "name"), ("team", "languages"), "is_active")}),)

    def has_delete_permission(self, request: HttpRequest, agent: Agent | None = None) -> bool:
        """Whoever has worked here stays in the record, and is set to be offered no calls instead."""
        worked = agent is not None and agent.presence_changes.exists()
        return super().has_delete_permission(request, agent) and not worked

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "languages":
            kwargs["widget"] = UnfoldAdminTextInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        actions.review(form.instance.pk, cause="set up differently", by=person(request), at=timezone.now())

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        agent = self.get_object(request, object_id) if object_id else None
        day = context_of_day(request, agent) if agent else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **day})

    @display(description=_("user"))
    def account(self, agent: Agent) -> str:
        return agent.user.get_username()

    @display(description=_("team"), ordering="team__name")
    def shown_team(self, agent: Agent) -> str:
        return agent.team.name if agent.team else "-"

    @display(description=_("now"), label=COLORS)
    def standing(self, agent: Agent) -> tuple[str, str]:
        standing = presence.standing(agent.seen(), timezone.now())
        reason = f": {agent.reason}" if agent.reason and standing == "not-ready" else ""
        return standing, standing.replace("-", " ") + reason

    @display(description=_("for"))
    def since(self, agent: Any) -> str:
        return timesince(agent.stands_since, depth=1) if agent.stands_since else "-"

    @display(description=_("skills"))
    def skilled(self, agent: Agent) -> str:
        skills = sorted((one.skill.name, one.level) for one in agent.skills.all())
        return ", ".join(f"{name} {level}" for name, level in skills) or "-"

    def has_import_permission(self, request: HttpRequest, _agent: object = None) -> bool:
        return all(request.user.has_perm(f"agents.{name}") for name in intake.NEEDED)

    @action(description=_("Import from a file"), icon="upload", url_path="import", permissions=("import",))
    def import_file(self, request: HttpRequest) -> HttpResponse:
        return intake.take_in(request, model_admin=self)

    @action(description=_("Export"), icon="download", url_path="export", permissions=("view",))
    def export_file(self, request: HttpRequest) -> HttpResponse:
        return intake.give_out(self.get_queryset(request))


@admin.register(Team)
class TeamAdmin(ModelAdmin):
    list_display = ("name", "supervised_by", "size")
    search_fields = ("name",)
    ordering = ("name",)
    autocomplete_fields = ("supervisors",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        teams: QuerySet[Team] = super().get_queryset(request)
        return teams.prefetch_related("supervisors").annotate(agents_in=Count("agents"))

    @display(description=_("supervisors"))
    def supervised_by(self, team: Team) -> str:
        return ", ".join(user.get_full_name() or user.username for user in team.supervisors.all()) or "-"

    @display(description=_("agents"), ordering="agents_in")
    def size(self, team: Any) -> int:
        return int(team.agents_in)


@admin.register(Skill)
class SkillAdmin(ModelAdmin):
    list_display = ("name", "size")
    search_fields = ("name",)
    ordering = ("name",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        skills: QuerySet[Skill] = super().get_queryset(request)
        return skills.annotate(agents_with=Count("agents"))

    @display(description=_("agents"), ordering="agents_with")
    def size(self, skill: Any) -> int:
        return int(skill.agents_with)


@admin.register(Reason)
class ReasonAdmin(ModelAdmin):
    list_display = ("name", "limit_minutes", "warn_minutes", "position", "is_active", "set_by_system")
    ordering = ("position", "name")
    fields = ("name", ("limit_minutes", "warn_minutes"), "position", "is_active")
    actions = None

    def has_delete_permission(self, request: HttpRequest, reason: Reason | None = None) -> bool:
        """The reason of a pause after missed rings may be named otherwise, and has to be there."""
        return super().has_delete_permission(request, reason) and not (reason and reason.is_automatic)

    @display(description=_("set by the system"), boolean=True)
    def set_by_system(self, reason: Reason) -> bool:
        return reason.is_automatic
