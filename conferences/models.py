"""Conferences and who is in them: what we want, and what Twilio confirms, side by side."""

import uuid
from functools import reduce
from operator import or_
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents import reach
from agents.models import Agent, User
from agents.states import EndpointKind
from calls.models import Call
from conferences.room import Fate, Mode, Phase, Role
from conferences.states import LegState, Outcome
from dialing.models import Attempt


class ConferenceQuerySet(models.QuerySet["Conference"]):
    def open(self) -> Self:
        """Conversations that the rules have not closed, and those that Twilio has not ended."""
        return self.filter(models.Q(ended_at__isnull=True) | ~models.Q(phase=Phase.CLOSED))

    def unsettled(self) -> Self:
        """Open ones, and those with a leg of which we do not know that it is over."""
        legs = Participant.objects.live().values("conference")
        not_closed = self.exclude(phase=Phase.CLOSED).values("pk")
        # a union: of alternatives the database would look through all conversations there ever were
        return self.filter(pk__in=self.filter(ended_at__isnull=True).values("pk").union(not_closed, legs))

    def supervised_by(self, user: User) -> Self:
        """Those that a supervisor sees: an agent of the teams is in them, or their queue is watched.

        Without the permission to watch the board none: that a queue is of no team makes nobody a supervisor of it.
        """
        if user.has_perm("agents.see_every_team"):
            return self
        if not user.has_perm("agents.watch_board"):
            return self.none()
        return self.filter(_led_to(_ways(Agent.objects.supervised_by(user), _watched(user))))

    def of_agent(self, agent: Agent) -> Self:
        """Those that an agent takes part in, or has taken part in."""
        return self.filter(models.Exists(Participant.objects.filter(conference=models.OuterRef("pk"), agent=agent)))

    def visible_to(self, user: User) -> Self:
        """Those that a person sees as a supervisor, or has taken part in as an agent."""
        if user.has_perm("agents.see_every_team"):
            return self
        if not user.has_perm("agents.watch_board"):
            return self.filter(_led_to(_ways(Agent.objects.filter(user=user))))
        return self.filter(_led_to(_ways(Agent.objects.visible_to(user), _watched(user))))

    def listed_to(self, user: User) -> Self:
        """As `visible_to`, for a list: where few are the person's, it begins with them."""
        if user.has_perm("agents.see_every_team"):
            return self
        watches = user.has_perm("agents.watch_board")
        agents = Agent.objects.visible_to(user) if watches else Agent.objects.filter(user=user)
        # named one by one: the database knows how many rows are of each
        ways = _ways(reach.named(agents), reach.named(_watched(user)) if watches else None)
        led_to = [rows.values("conference") for rows in ways]
        return reach.listed(self, led_to, otherwise=_led_to(ways), by="opened_at")


def _ways(agents: Any, queues: Any = None) -> list[models.QuerySet[Any]]:
    """Give what leads to conversations: agents who are or were in them, and queues in which their callers waited."""
    spoken = Participant.objects.filter(agent__in=agents)
    return [spoken] if queues is None else [spoken, _above("Entry").filter(queue__in=queues, conference__isnull=False)]


def _led_to(ways: list[models.QuerySet[Any]]) -> models.Q:
    """Give the condition that one of the ways leads to a conversation: asked of each row."""
    return reduce(or_, [reach.leads(rows, "conference") for rows in ways])


def _watched(user: User) -> models.QuerySet[Any]:
    watched: models.QuerySet[Any] = _above("Queue").supervised_by(user)
    return watched


def _above(name: str) -> Any:
    """Give the rows of a model of the queues, which lie in a package above and are named to the database alone."""
    return apps.get_model("queues", name)._default_manager


class Conference(models.Model):
    """One conversation. Its name at Twilio is our id. For `phase` to `fate` see `conferences.room`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sid = models.CharField(max_length=64, blank=True, db_index=True, help_text=_("The one that Twilio runs now."))
    room = models.ForeignKey("Room", models.PROTECT, null=True, blank=True, related_name="conferences")
    customer = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="conferences")
    conversation = models.UUIDField(
        default=uuid.uuid4,
        db_default=RandomUUID(),
        editable=False,
        db_index=True,
        help_text=_("The same as of the customer's call."),
    )
    phase = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Phase], default=Phase.OPENING)
    held = models.BooleanField(default=False)
    swapped = models.BooleanField(default=False)
    returns = models.BooleanField(default=False)
    fate = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Fate], blank=True)
    subject = models.CharField(
        max_length=80, blank=True, help_text=_("What it is about, for people: the queue's name.")
    )
    destination = models.CharField(
        max_length=255, blank=True, help_text=_("Where the customer was sent: queue:3, step:12.")
    )
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("When waiting for somebody to come back ends."))
    help_asked_at = models.DateTimeField(null=True, blank=True)
    caller_id = models.CharField(max_length=255, blank=True, help_text=_("Shown to those who are rung."))
    facts = models.JSONField(
        default=dict, blank=True, help_text=_("What policies ask of the customer's call before it exists.")
    )
    sender = models.ForeignKey(
        "Participant",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who handed the customer over, and is rung again when the target does not come."),
    )
    opened_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("When the rules ended it."))
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("When Twilio said that it is over."))
    ended_because = models.CharField(max_length=80, blank=True)
    end_asked_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the sweep last compared it with Twilio.")
    )

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-opened_at"], name="conference_opened"),
            models.Index(fields=["opened_at"], name="conference_open", condition=models.Q(ended_at__isnull=True)),
            models.Index(fields=["opened_at"], name="conference_not_closed", condition=~models.Q(phase=Phase.CLOSED)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["room"], condition=~models.Q(phase=Phase.CLOSED), name="one_open_conference_per_room"
            )
        ]

    def __str__(self) -> str:
        return f"Conference {self.pk}"

    @property
    def name(self) -> str:
        """What Twilio calls it: no personal data, and never the same twice."""
        return self.id.hex


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def live(self) -> Self:
        return self.exclude(state=LegState.LEFT)

    def visible_to(self, user: User) -> Self:
        """Those of the conversations that a person sees; of who listens only the told, where one does not supervise."""
        if user.has_perm("agents.see_every_team"):
            return self
        here = Conference.objects.filter(pk=models.OuterRef("conference"))
        return self.filter(models.Exists(here.visible_to(user)))._not_hidden_from(user)

    def listed_to(self, user: User) -> Self:
        """As `visible_to`, for a list: where few are the person's, it begins with them."""
        if user.has_perm("agents.see_every_team"):
            return self
        seen = Conference.objects.listed_to(user).values("pk")
        return self.filter(conference__in=seen)._not_hidden_from(user)

    def _not_hidden_from(self, user: User) -> Self:
        here = Conference.objects.filter(pk=models.OuterRef("conference"))
        told = reach.leads(Supervision.objects.filter(until__isnull=True, told=True), "participant")
        return self.filter(
            ~models.Q(role=Role.SUPERVISOR)
            | ~models.Q(mode=Mode.LISTEN)
            | models.Q(agent__user=user.pk)
            | told
            | models.Exists(here.supervised_by(user)),
        )


class Participant(models.Model):
    """Somebody in a conversation, from the wish to have them there until they have left.

    `wants_*` is what the rules want (`conferences.wishes`), written only by `conferences.actions`; `state`, `held`,
    `muted`, `coaching` are what Twilio has confirmed. What differs, the tasks ask Twilio for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="participants")
    role = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Role])
    mode = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Mode], default=Mode.LISTEN)
    agent = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="participations")
    name = models.CharField(max_length=80, blank=True, help_text=_("For screens, where it is no agent."))
    endpoint = models.CharField(max_length=16, choices=[(one.value, one.value) for one in EndpointKind])
    address = models.CharField(max_length=255, help_text=_("E.164, client:identity or sip:uri, as Twilio is given it."))
    # how to ring
    is_moved = models.BooleanField(default=False, help_text=_("A leg that exists and is moved here, not rung."))
    ring_seconds = models.PositiveSmallIntegerField(default=25)
    screening = models.CharField(max_length=255, blank=True, help_text=_("Said to who picks up, who must press 1."))
    caller_id = models.CharField(max_length=255, blank=True)
    onward = models.CharField(
        max_length=1024, blank=True, help_text=_("Where the leg goes on after the room; empty: it is hung up.")
    )
    attempt = models.ForeignKey(
        Attempt,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="participations",
        help_text=_("What permits to dial a number outside."),
    )
    detects = models.BooleanField(default=False, help_text=_("Twilio is to tell whether a machine answers."))
    # what we want
    wants_in = models.BooleanField(default=False)
    wants_held = models.BooleanField(default=False)
    wants_muted = models.BooleanField(default=False)
    silenced = models.BooleanField(default=False, help_text=_("Muted by somebody, beside what the rules say."))
    wants_coaching = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    # what Twilio says
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="participations")
    call_sid = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in LegState], default=LegState.WANTED
    )
    outcome = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Outcome], blank=True)
    held = models.BooleanField(default=False)
    muted = models.BooleanField(default=False)
    coaching = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(
        default=0, help_text=_("Of the last event that told of hold, mute or coaching.")
    )
    quality = models.JSONField(
        default=list, blank=True, help_text=_("Warnings of the browser phone: name, since, until.")
    )
    wanted_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    noticed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When they were last given something to hear about recording.")
    )
    told_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When a colleague was told of recording before there was a customer.")
    )
    steered_at = models.DateTimeField(null=True, blank=True, help_text=_("When Twilio was last asked to change it."))

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-wanted_at"], name="participant_wanted"),
            models.Index(fields=["conference"], name="participant_live", condition=~models.Q(state=LegState.LEFT)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"],
                condition=models.Q(agent__isnull=False) & ~models.Q(state=LegState.LEFT),
                name="one_live_leg_per_agent",
            ),
            models.UniqueConstraint(
                fields=["conference"],
                condition=models.Q(role=Role.CUSTOMER) & ~models.Q(state=LegState.LEFT),
                name="one_customer_per_conference",
            ),
        ]

    def __str__(self) -> str:
        return f"Participant {self.pk}"

    @property
    def label(self) -> str:
        """How Twilio calls the participant within its conference."""
        return self.id.hex

    @property
    def breaks(self) -> bool:
        """Whether leaving without a word is an accident: a browser is closed by mistake, a telephone is hung up."""
        return self.endpoint == EndpointKind.BROWSER


class Supervision(models.Model):
    """One stretch of a supervisor's listening, coaching or barging: who, how, whom, since when and until when."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="supervisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Mode])
    told = models.BooleanField(default=False, help_text=_("Whether the agent was told."))
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.mode} #{self.pk}"


class Announcement(models.Model):
    """Something that is played into a conference, to everybody or to one: a text, or keys for a machine at that end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="announcements")
    participant = models.ForeignKey(
        Participant, models.CASCADE, null=True, blank=True, related_name="+", help_text=_("Empty: everybody.")
    )
    text = models.CharField(max_length=500, blank=True)
    digits = models.CharField(max_length=32, blank=True, help_text=_("Wiped as soon as they are played."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text=_("It is asked for once, or it would be heard twice.")
    )

    def __str__(self) -> str:
        return f"Announcement {self.pk}"


pin = RegexValidator(r"^[0-9]{4,12}$", _("4 to 12 digits."))


class Room(models.Model):
    """A standing conference room that callers enter by a PIN."""

    name = models.CharField(max_length=80, unique=True)
    host_pin = models.CharField(_("PIN of hosts"), max_length=12, validators=[pin])
    guest_pin = models.CharField(
        _("PIN of guests"), max_length=12, validators=[pin], blank=True, help_text=_("Empty: only hosts may enter.")
    )
    ends_with_host = models.BooleanField(default=True, help_text=_("When the last host leaves, the room is closed."))
    most = models.PositiveSmallIntegerField(
        _("most people"), default=50, validators=[MinValueValidator(2), MaxValueValidator(250)]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(host_pin=models.F("guest_pin")), name="pins_of_room_differ")
        ]

    def __str__(self) -> str:
        return self.name
