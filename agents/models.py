"""The account of a person who works here, and the agent that a person may be: skills, endpoints, presence."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents import presence
from agents.presence import ALIVE, Seen
from agents.states import Activity, Chosen, EndpointKind, Microphone, Standing


class User(AbstractUser):
    """A log-in. Roles are groups (`agents/roles.py`)."""


class TeamQuerySet(models.QuerySet["Team"]):
    def supervised_by(self, user: User) -> Self:
        """Those that a supervisor answers for."""
        return self if user.has_perm("agents.see_every_team") else self.filter(supervisors=user)

    def visible_to(self, user: User) -> Self:
        """Those that a person answers for, and the one that they are in."""
        if user.has_perm("agents.see_every_team"):
            return self
        answered_for = Team.objects.filter(supervisors=user).values("pk")
        return self.filter(
            models.Q(pk__in=answered_for) | models.Q(pk__in=Agent.objects.filter(user=user).values("team"))
        )


class Team(models.Model):
    """People who work together, and the supervisors who see and help them."""

    name = models.CharField(max_length=80, unique=True)
    supervisors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="supervised_teams")

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """Something that calls ask for: a product, a product line, a certificate."""

    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class Reason(models.Model):
    """Why somebody is not ready. `is_automatic`: the system sets it, people cannot choose it."""

    name = models.CharField(max_length=80, unique=True)
    limit_minutes = models.PositiveSmallIntegerField(
        _("time limit"), null=True, blank=True, help_text=_("Minutes, after which supervisors see it. Empty: none.")
    )
    warn_minutes = models.PositiveSmallIntegerField(
        _("warning"), null=True, blank=True, help_text=_("Minutes, after which the agent is reminded. Empty: never.")
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True, help_text=_("Off: nobody can choose it any more."))
    is_automatic = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_automatic"], condition=models.Q(is_automatic=True), name="one_automatic_reason"
            )
        ]

    def __str__(self) -> str:
        return self.name


class AgentQuerySet(models.QuerySet["Agent"]):
    def observed(self) -> Self:
        """With all that `Agent.seen()` reads, so that it asks the database nothing."""
        endpoints = Endpoint.objects.order_by("position", "pk")
        return self.select_related("reason").prefetch_related(models.Prefetch("endpoints", endpoints))

    def turning(self, at: datetime) -> Self:
        """Those whom the mere passing of time has changed, with nobody having noted it yet."""
        present = PresenceChange.objects.present().filter(agent=models.OuterRef("pk"))
        cools = present.filter(standing=Standing.COOLING_OFF)
        at_the_desk = present.exclude(standing__in=[Standing.OFFLINE, Standing.RINGING, Standing.TALKING])
        return self.filter(
            models.Q(activity=Activity.WRAP_UP, wrap_up_until__lte=at)
            | (models.Q(cooling_until__lte=at) & models.Q(models.Exists(cools)))
            | (models.Q(desk_seen_at__lte=at - ALIVE) & models.Q(models.Exists(at_the_desk)))
        )

    def overstaying(self, begin: datetime, end: datetime) -> Self:
        """Those whose pause came to its warning or its limit in this stretch of time."""
        minute = models.Value(timedelta(minutes=1))
        moments = {
            name: models.ExpressionWrapper(
                models.F("chosen_at") + models.F(f"reason__{name}_minutes") * minute,
                output_field=models.DateTimeField(),
            )
            for name in ("warn", "limit")
        }
        return (
            self.filter(chosen=Chosen.NOT_READY)
            .annotate(**moments)
            .filter(models.Q(warn__gt=begin, warn__lte=end) | models.Q(limit__gt=begin, limit__lte=end))
        )

    def available(self, at: datetime) -> Self:
        """Those to whom a call may be offered: `presence.standing` as a condition, so that an update can check it."""
        rings_anyway = Endpoint.objects.filter(agent=models.OuterRef("pk")).exclude(kind=EndpointKind.BROWSER)
        browser = Endpoint.objects.filter(agent=models.OuterRef("pk"), kind=EndpointKind.BROWSER)
        return self.filter(
            models.Q(cooling_until__isnull=True) | models.Q(cooling_until__lte=at),
            models.Exists(rings_anyway)
            | (
                models.Q(phone_registered=True)
                & ~models.Q(microphone=Microphone.BLOCKED)
                & models.Q(models.Exists(browser))
            ),
            is_active=True,
            chosen=Chosen.READY,
            activity=Activity.IDLE,
            desk_seen_at__gt=at - ALIVE,
        )

    def supervised_by(self, user: User | AnonymousUser) -> Self:
        """Those whom a supervisor sees and helps: of the supervised teams, or all with the permission for that."""
        if not isinstance(user, User):
            return self.none()
        if user.has_perm("agents.see_every_team"):
            return self
        return self.filter(team__in=Team.objects.filter(supervisors=user).values("pk"))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those whom a person may see: whom they supervise, and the agent that they are."""
        if not isinstance(user, User):
            return self.none()
        if user.has_perm("agents.see_every_team"):
            return self
        return self.filter(
            models.Q(team__in=Team.objects.filter(supervisors=user).values("pk")) | models.Q(user=user.pk)
        )


class Agent(models.Model):
    """Somebody who takes calls. What was chosen and what is observed stand side by side; neither overwrites the other.

    `id` is also the identity of the browser phone: stable, and it tells nothing of the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="agent")
    name = models.CharField(max_length=80, help_text=_("Callers may hear it, colleagues see it."))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="agents")
    languages = ArrayField(
        models.CharField(max_length=16),
        default=list,
        blank=True,
        help_text=_("With commas between: en-US,de-DE. Empty: calls in any language."),
    )
    is_active = models.BooleanField(_("takes calls"), default=True, help_text=_("Off: is offered no calls."))
    # chosen
    chosen = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in Chosen], default=Chosen.NOT_READY
    )
    reason = models.ForeignKey(Reason, models.PROTECT, null=True, blank=True, related_name="+")
    chosen_at = models.DateTimeField(null=True, blank=True)
    # observed
    desk_seen_at = models.DateTimeField(null=True, blank=True)
    microphone = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in Microphone], default=Microphone.UNKNOWN
    )
    phone_registered = models.BooleanField(default=False)
    activity = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in Activity], default=Activity.IDLE
    )
    activity_at = models.DateTimeField(null=True, blank=True)
    idle_since = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Of those who are free, the longest idle is first; a ring alone ends it not."),
    )
    wrap_up_until = models.DateTimeField(null=True, blank=True)
    cooling_until = models.DateTimeField(null=True, blank=True)
    misses = models.PositiveSmallIntegerField(default=0, help_text=_("Rings missed in a row."))

    objects = AgentQuerySet.as_manager()

    class Meta:
        permissions = [
            ("use_desk", "Can work at the desk"),
            ("watch_board", "Can watch the board"),
            ("supervise", "Can listen, coach, barge in and take over"),
            ("see_every_team", "Can see every team"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def identity(self) -> str:
        """The identity of the browser phone: letters and digits only."""
        return f"agent_{self.id.hex}"

    def seen(self) -> Seen:
        """Give what decides how the agent stands. Asks nothing of the database after `Agent.objects.observed()`."""
        return Seen(
            chosen=self.chosen,
            reason=self.reason.name if self.reason else "",
            desk_seen_at=self.desk_seen_at,
            microphone=self.microphone,
            phone_registered=self.phone_registered,
            activity=self.activity,
            wrap_up_until=self.wrap_up_until,
            cooling_until=self.cooling_until,
            is_active=self.is_active,
            endpoint_kinds=tuple(endpoint.kind for endpoint in self.endpoints_in_order()),
        )

    def endpoints_in_order(self) -> list["Endpoint"]:
        return sorted(self.endpoints.all(), key=lambda endpoint: (endpoint.position, endpoint.pk))

    def endpoint_to_ring(self, at: datetime) -> "Endpoint | None":
        """Give the first endpoint that can ring now."""
        seen = self.seen()
        place = presence.usable(seen.endpoint_kinds, seen, at)
        return None if place is None else self.endpoints_in_order()[place]


class AgentSkill(models.Model):
    """How well an agent can do something: 1 is a beginner, 10 the best."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="agents")
    level = models.PositiveSmallIntegerField(default=5, validators=[MinValueValidator(1), MaxValueValidator(10)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "skill"], name="skill_once_per_agent"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=10), name="agent_skill_level_1_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.agent}: {self.skill} {self.level}"


class Endpoint(models.Model):
    """Where an agent can be rung; the first that can ring now is used. A browser phone has no address of its own."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="endpoints")
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in EndpointKind])
    address = models.CharField(max_length=255, blank=True, help_text=_("+15005550100 or sip:ann@company.example."))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "kind", "address"], name="endpoint_once_per_agent"),
            models.CheckConstraint(
                condition=(models.Q(kind="browser", address="") | (~models.Q(kind="browser") & ~models.Q(address=""))),
                name="endpoint_has_address_unless_browser",
            ),
        ]

    def __str__(self) -> str:
        return self.address or str(self.kind)


class PresenceChangeQuerySet(models.QuerySet["PresenceChange"]):
    def present(self) -> Self:
        """The last of each agent, which has no end yet."""
        return self.filter(until__isnull=True)

    def between(self, begin: datetime, end: datetime) -> Self:
        """All that reach into a stretch of time, in their order."""
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gt=begin), at__lt=end).order_by("at", "pk")


class PresenceChange(models.Model):
    """One stretch of an agent's day: how the agent stood, since when and until when, and who or what caused it."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="presence_changes")
    standing = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Standing])
    chosen = models.CharField(max_length=16)
    reason = models.CharField(max_length=80, blank=True)
    cause = models.CharField(max_length=120, help_text=_("What brought it about, in words."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = PresenceChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["agent", "-at"], name="presence_of_agent"),
            models.Index(fields=["-at", "-id"], name="presence_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=models.Q(until__isnull=True), name="one_present_standing_per_agent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.standing} #{self.pk}"
