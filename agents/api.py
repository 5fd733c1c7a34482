"""Agents in the API: how each stands, and what they choose; their teams, skills, and the reasons there are."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents import actions, presence
from agents.models import Agent, PresenceChange, Reason, Skill, Team, User
from agents.states import Chosen, Standing
from rest.fields import Moment
from rest.filters import Filters, IdFilter, WordFilter
from rest.problems import Problem, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource

USE_DESK, SUPERVISE = "agents.use_desk", "agents.supervise"


class Asked:
    """A resource whose pages ask who it is that asks."""

    @property
    def person(self: Any) -> User:
        user = self.request.user
        assert isinstance(user, User)  # nobody else is let in
        return user


class SeenAtDesk:
    """Who works at the desk may do there what is in `at_desk`, with what is theirs, without others' permission."""

    at_desk: frozenset[str] = frozenset()

    def permissions_needed(self: Any) -> tuple[str, ...]:
        if self.action in self.at_desk and self.request.user.has_perm(USE_DESK):
            return (USE_DESK,)
        needed: tuple[str, ...] = super().permissions_needed()  # type: ignore[misc]  # of the Resource beside
        return needed


class TeamRef(ModelShape):
    """A team, by id and name."""

    class Meta:
        model = Team
        fields = ("id", "name")


class AgentRef(ModelShape):
    """An agent, by id and name."""

    class Meta:
        model = Agent
        fields = ("id", "name")


class ReasonShape(ModelShape):
    """Why somebody is not ready."""

    class Meta:
        model = Reason
        fields = ("id", "name", "warn_minutes", "limit_minutes")


class SkillShape(ModelShape):
    """Something that calls ask for."""

    class Meta:
        model = Skill
        fields = ("id", "name")


class AgentSkillShape(Shape):
    """How well an agent can do something."""

    id = serializers.IntegerField(source="skill_id", help_text="Of the skill.")
    name = serializers.CharField(source="skill.name")
    level = serializers.IntegerField(help_text="1 is a beginner, 10 the best.")


class AgentShape(ModelShape):
    """Somebody who takes calls, and how they stand right now."""

    user = serializers.IntegerField(source="user_id", help_text="The id of the account.")
    username = serializers.CharField(source="user.username", help_text="With what the person logs in.")
    team = TeamRef(allow_null=True)
    skills = AgentSkillShape(many=True)
    takes_calls = serializers.BooleanField(source="is_active", help_text="False: is offered no calls at all.")
    standing = serializers.SerializerMethodField(
        help_text="What was chosen and what is observed, in one word. Only `ready` means that a call may come now."
    )
    since = serializers.SerializerMethodField(help_text="Since when it is so; null where nobody has noted it yet.")
    chosen = serializers.ChoiceField(
        [(one.value, one.value) for one in Chosen], help_text="What the agent, or a supervisor for them, chose last."
    )
    reason = ReasonShape(allow_null=True, help_text="Why they chose not to be ready.")
    wrap_up_until = Moment(allow_null=True, help_text="When the wrap-up of the last call ends by itself.")
    why_not = serializers.SerializerMethodField(help_text="In sentences, what keeps calls away; empty when ready.")

    class Meta:
        model = Agent
        fields = (
            "id",
            "name",
            "user",
            "username",
            "team",
            "languages",
            "skills",
            "takes_calls",
            "standing",
            "since",
            "chosen",
            "chosen_at",
            "reason",
            "wrap_up_until",
            "why_not",
        )

    @property
    def at(self) -> datetime:
        at: datetime = self.context.get("at") or timezone.now()
        return at

    @extend_schema_field(serializers.ChoiceField([(one.value, one.value) for one in Standing]))
    def get_standing(self, agent: Agent) -> str:
        return presence.standing(agent.seen(), self.at)

    @extend_schema_field(Moment(allow_null=True))
    def get_since(self, agent: Any) -> str | None:
        stretch = next(iter(agent.present_stretch), None)
        if stretch is None or stretch.standing != self.get_standing(agent):
            return None
        return Moment().to_representation(stretch.at)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_why_not(self, agent: Agent) -> list[str]:
        return list(presence.why_not(agent.seen(), self.at))


class PresenceBody(Shape):
    """What is chosen: to be ready, or not to be and why."""

    chosen = serializers.ChoiceField([(one.value, one.value) for one in Chosen])
    reason = serializers.PrimaryKeyRelatedField(
        queryset=Reason.objects.filter(is_active=True, is_automatic=False),
        required=False,
        allow_null=True,
        help_text="The id of a reason from /reasons: needed for `not-ready`, and not given for `ready`.",
    )

    class Meta:
        example = {"chosen": "not-ready", "reason": 1}


class AgentFilters(Filters):
    team = IdFilter("team", label="The id of a team.")
    username = filters.CharFilter("user__username", label="With what the person logs in.")
    takes_calls = filters.BooleanFilter("is_active", label="Whether they are offered calls at all.")
    chosen = WordFilter(Chosen, label="What they chose.")
    skill = IdFilter("skills__skill", label="The id of a skill that they have.")

    class Meta:
        model = Agent
        fields = ("team", "username", "takes_calls", "chosen", "skill")


class Agents(Asked, SeenAtDesk, Listed, Read, Resource):
    """Agents: of the teams that the key's owner supervises, and the owner's own. Their presence can be read and set."""

    scope = "agents"
    scopes = {"presence": "agents:presence"}
    permissions = {"list": "agents.view_agent", "retrieve": "agents.view_agent", "presence": SUPERVISE}
    at_desk = frozenset({"list", "retrieve", "presence"})
    bodies = {"presence": PresenceBody}
    queryset = (
        Agent.objects.observed()
        .select_related("team", "user")
        .prefetch_related(
            "skills__skill", Prefetch("presence_changes", PresenceChange.objects.present(), to_attr="present_stretch")
        )
    )
    serializer_class = AgentShape
    filterset_class = AgentFilters
    orderings = ("name", "pk")

    @action(detail=True, methods=["put"])
    def presence(self, _request: Request, **_way: Any) -> Response:
        """Choose how an agent stands: as the agent, or as a supervisor for them. The agent's day tells who it was.

        Needs the scope `agents:presence`; for somebody else, the permission to supervise.
        """
        agent, chosen = self.get_object(), self.body()
        if agent.user_id != self.person.pk and not self.person.has_perm(SUPERVISE):
            raise Problem(403, _("This is another agent. Whoever sets how others stand needs the right to supervise."))
        try:
            actions.choose(
                agent.pk,
                Chosen(chosen["chosen"]),
                reason=chosen.get("reason"),
                by=self.person,
                at=timezone.now(),
            )
        except actions.NotAReason:
            told = _("Give the id of a reason from /reasons with `not-ready`, and none with `ready`.")
            raise wrong("reason", told) from None
        return self.answer(self.get_object())


class TeamShape(ModelShape):
    """People who work together."""

    class Meta:
        model = Team
        fields = ("id", "name")


class Teams(SeenAtDesk, Listed, Read, Resource):
    """Teams: those that the key's owner supervises, and the owner's own."""

    scope = "agents"
    permissions = {"list": "agents.view_team", "retrieve": "agents.view_team"}
    at_desk = frozenset({"list", "retrieve"})
    queryset = Team.objects.all()
    serializer_class = TeamShape
    orderings = ("name", "pk")


class Skills(Listed, Resource):
    """Skills: what calls ask for, and agents have."""

    scope = "agents"
    permissions = {"list": "agents.view_skill"}
    queryset = Skill.objects.all()
    serializer_class = SkillShape
    orderings = ("name", "pk")


class Reasons(SeenAtDesk, Listed, Resource):
    """Reasons that somebody who is not ready can give."""

    scope = "agents"
    permissions = {"list": "agents.view_reason"}
    at_desk = frozenset({"list"})
    queryset: QuerySet[Reason] = Reason.objects.filter(is_active=True, is_automatic=False)
    serializer_class = ReasonShape
    orderings = ("position", "name", "pk")
