"""Queues, who waits in them, whom they were offered to, and who is to be called back."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents import reach
from agents.models import Agent, Skill, Team, User
from calls.models import Call
from conferences.models import Conference, Participant
from queues.states import CALLBACK_LIVE, ENTRY_LIVE, CallbackState, EntryState, OfferState

# A supervisor who is appointed today is not told of last month's callbacks.
STALE = timedelta(days=1)


class Disposition(models.Model):
    """What a conversation came to, chosen by the agent in wrap-up."""

    name = models.CharField(max_length=80, unique=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class QueueQuerySet(models.QuerySet["Queue"]):
    def supervised_by(self, user: User) -> Self:
        """Those that a supervisor watches: the teams' own, those that agents of the teams serve, and nobody's.

        Without the permission to watch the board none.
        """
        if user.has_perm("agents.see_every_team"):
            return self
        return self.filter(_supervised(user)) if user.has_perm("agents.watch_board") else self.none()

    def of_agent(self, agent: Agent) -> Self:
        """Those that an agent sees at the desk: the team's own, and those that the agent serves."""
        served = models.Q(pk__in=Membership.objects.filter(agent=agent).values("queue"))
        return self.filter(served | models.Q(team=agent.team_id) if agent.team_id else served)

    def visible_to(self, user: User) -> Self:
        """Those that a person watches, or sees as an agent; of no team: everybody's."""
        if user.has_perm("agents.see_every_team"):
            return self
        own = Agent.objects.filter(user=user)
        return self.filter(
            _supervised(user)
            | models.Q(team__in=own.values("team"))
            | models.Q(pk__in=Membership.objects.filter(agent__in=own.values("pk")).values("queue"))
        )


def _supervised(user: User) -> models.Q:
    mine = Team.objects.filter(supervisors=user).values("pk")
    served = Membership.objects.filter(agent__team__in=mine).values("queue")
    return models.Q(team__isnull=True) | models.Q(team__in=mine) | models.Q(pk__in=served)


class Queue(models.Model):
    """A line of callers and who may take them. Seconds and points everywhere."""

    class Order(models.TextChoices):
        LONGEST_IDLE = "longest-idle", _("who has been idle longest")
        MOST_SKILLED = "most-skilled", _("who is most skilled")
        RING_SEVERAL = "ring-several", _("several at once, the first who answers")

    class WrapUp(models.TextChoices):
        NONE = "none", _("none")
        OPTIONAL = "optional", _("optional: the agent may end it at once")
        REQUIRED = "required", _("required: it lasts until it is done or its time is up")

    name = models.CharField(max_length=80, unique=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="queues")
    order = models.CharField(max_length=16, choices=Order, default=Order.LONGEST_IDLE)
    several = models.PositiveSmallIntegerField(
        _("how many at once"), default=3, validators=[MinValueValidator(2), MaxValueValidator(10)]
    )
    ring_seconds = models.PositiveSmallIntegerField(
        default=20, validators=[MinValueValidator(5), MaxValueValidator(120)], help_text=_("Seconds to ring an agent.")
    )
    priority = models.SmallIntegerField(default=0, help_text=_("Points. Callers with more points are served first."))
    ageing = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Points that a caller gains with each minute of waiting."),
    )
    most_waiting = models.PositiveIntegerField(_("most callers waiting"), null=True, blank=True)
    longest_wait = models.PositiveIntegerField(_("longest wait"), null=True, blank=True, help_text=_("Seconds."))
    answer_within = models.PositiveSmallIntegerField(
        _("answer within"), default=20, help_text=_("Seconds: the service level counts who is answered within them.")
    )
    answer_share = models.PositiveSmallIntegerField(
        _("share of callers"), default=80, validators=[MaxValueValidator(100)], help_text=_("Percent: the target.")
    )
    short_abandon = models.PositiveSmallIntegerField(
        default=5, help_text=_("Seconds: who hangs up sooner is not counted against the service level.")
    )
    wrap_up = models.CharField(max_length=16, choices=WrapUp, default=WrapUp.OPTIONAL)
    wrap_up_seconds = models.PositiveSmallIntegerField(default=60)
    wrap_up_extension = models.PositiveSmallIntegerField(default=60, help_text=_("Seconds more, once, when asked for."))
    dispositions = models.ManyToManyField(Disposition, blank=True, related_name="queues")
    disposition_required = models.BooleanField(default=False)
    is_sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("Who wants to hear a recording of it must give a reason.")
    )
    listeners = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        help_text=_("May hear its recordings, besides the supervisors of its team, if their role lets them listen."),
    )
    transcription = models.CharField(
        _("speech to text"), max_length=32, blank=True, help_text=_("Empty: the provider of all.")
    )
    caller_id = models.CharField(
        max_length=64, blank=True, help_text=_("Shown to who is rung. Empty: the standard one.")
    )
    # callbacks
    callback_tries = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    callback_spacing = models.PositiveSmallIntegerField(default=15, help_text=_("Minutes between two tries."))
    callback_hours = models.PositiveSmallIntegerField(default=24, help_text=_("Hours, after which it expires."))
    callback_from = models.TimeField(default="09:00", help_text=_("In the time zone of the called number."))
    callback_until = models.TimeField(default="20:00", help_text=_("In the time zone of the called number."))
    callback_text = models.CharField(
        max_length=255,
        default="This is the call back that you asked for. Press 1 to be connected.",
        help_text=_("Said to who is called back, who then presses 1. So no machine can take the call."),
    )

    objects = QueueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ageing__gte=1), name="queue_ages"),
            models.CheckConstraint(condition=models.Q(ring_seconds__gte=5), name="queue_rings_five_seconds"),
        ]

    def __str__(self) -> str:
        return self.name


class QueueSkill(models.Model):
    """A skill that a queue asks for, and how that relaxes as the wait grows."""

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="queues")
    level = models.PositiveSmallIntegerField(default=5, validators=[MinValueValidator(1), MaxValueValidator(10)])
    relax_after = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Seconds of waiting, after which less is enough. Empty: never.")
    )
    relax_to = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(10)], help_text=_("The level that is enough then; 0 asks for none.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "skill"], name="skill_once_per_queue"),
            models.CheckConstraint(condition=models.Q(relax_to__lt=models.F("level")), name="skill_relaxes_downward"),
        ]

    def __str__(self) -> str:
        return f"{self.queue}: {self.skill} {self.level}"


class Membership(models.Model):
    """An agent who takes a queue's callers. Agents of priority 1 are asked before those of 2."""

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="memberships")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="memberships")
    priority = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "agent"], name="agent_once_per_queue")]

    def __str__(self) -> str:
        return f"{self.agent} in {self.queue}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def live(self) -> Self:
        return self.filter(state__in=ENTRY_LIVE)

    def waiting(self) -> Self:
        """Those who still hope: waiting, or with agents being rung for them."""
        return self.filter(state__in=(EntryState.WAITING, EntryState.OFFERED))

    def visible_to(self, user: User) -> Self:
        """Those of the queues that a person sees."""
        return self.filter(queue__in=reach.named(Queue.objects.visible_to(user)))

    def supervised_by(self, user: User) -> Self:
        """Those of the queues that a supervisor watches."""
        return self.filter(queue__in=Queue.objects.supervised_by(user).values("pk"))

    def ahead_of(self, entry: "Entry") -> Self:
        """Those of the same queue who are served before. All of them age alike, so their order never changes."""
        point = timedelta(minutes=1) / entry.queue.ageing
        own = models.ExpressionWrapper(models.F("priority") * models.Value(point), output_field=models.DurationField())
        rank = models.ExpressionWrapper(models.F("aged_from") - own, output_field=models.DateTimeField())
        mine = entry.aged_from - entry.priority * point
        first = models.Q(is_first=True) if entry.is_first else models.Q(is_first=False)
        sooner = first & (models.Q(rank__lt=mine) | models.Q(rank=mine, pk__lt=entry.pk))
        if not entry.is_first:
            sooner |= models.Q(is_first=True)
        return self.waiting().filter(queue=entry.queue_id).exclude(pk=entry.pk).alias(rank=rank).filter(sooner)


class Entry(models.Model):
    """One stay of somebody in a queue: a caller, or for a callback the place that a caller has left in the line.

    `aged_from` is the moment from which points are gained: it outlives a move to another queue, a return from an agent
    whose leg broke off, and the change from caller to callback.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="entries")
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="entries")
    callback = models.ForeignKey("Callback", models.CASCADE, null=True, blank=True, related_name="entries")
    conference = models.ForeignKey(Conference, models.SET_NULL, null=True, blank=True, related_name="entries")
    agent = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="entries")
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in EntryState], default=EntryState.WAITING
    )
    language = models.CharField(max_length=16, blank=True)
    priority = models.SmallIntegerField(default=0, help_text=_("Points of the caller, beside the queue's."))
    is_first = models.BooleanField(default=False, help_text=_("Before all others: returned, or pulled forward."))
    onward = models.CharField(max_length=1024, blank=True, help_text=_("Where the caller's leg goes on afterwards."))
    joined_at = models.DateTimeField()
    aged_from = models.DateTimeField()
    position = models.PositiveIntegerField(default=1, help_text=_("Place in the line when joining; 1 is next."))
    told_position = models.PositiveIntegerField(null=True, blank=True, help_text=_("The place last told."))
    told_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("The longest wait last told; a longer one is not told any more.")
    )
    not_before = models.DateTimeField(null=True, blank=True, help_text=_("A callback is not tried sooner."))
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(
                fields=["queue", "aged_from"], name="entry_live", condition=models.Q(state__in=sorted(ENTRY_LIVE))
            ),
            models.Index(fields=["queue", "-joined_at"], name="entry_of_queue"),
            models.Index(fields=["-joined_at"], name="entry_joined"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(state__in=sorted(ENTRY_LIVE)), name="one_live_entry_per_call"
            ),
            models.UniqueConstraint(
                fields=["callback"],
                condition=models.Q(state__in=sorted(ENTRY_LIVE)),
                name="one_live_entry_per_callback",
            ),
        ]

    def __str__(self) -> str:
        return f"Entry {self.pk}"


class Offer(models.Model):
    """One agent being asked to take one caller."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="offers")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="offers")
    participant = models.OneToOneField(Participant, models.SET_NULL, null=True, blank=True, related_name="offer")
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in OfferState], default=OfferState.RINGING
    )
    why = models.CharField(max_length=255, blank=True, help_text=_("Why this agent, in words."))
    offered_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text=_("Past this an answer that never came counts as missed."))
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=models.Q(state=OfferState.RINGING), name="one_ringing_offer_per_agent"
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(state=OfferState.ACCEPTED), name="one_accepted_offer_per_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"Offer {self.pk}"


class HandlingQuerySet(models.QuerySet["Handling"]):
    def open(self) -> Self:
        """An agent's present part in a conversation, talk or wrap-up: one of each agent at most."""
        return self.filter(done_at__isnull=True)

    def talking(self) -> Self:
        return self.open().filter(ended_at__isnull=True)  # the index is that of the open ones

    def wrapping_up(self) -> Self:
        return self.open().filter(ended_at__isnull=False)

    def visible_to(self, user: User) -> Self:
        """Those of the agents and queues that a person supervises, and a person's own."""
        if user.has_perm("agents.see_every_team"):
            return self
        agents = reach.named(Agent.objects.visible_to(user))
        queues = reach.named(Queue.objects.supervised_by(user))
        ways = models.Q(agent__in=agents), models.Q(entry__queue__in=queues)
        led_to = [Handling.objects.filter(way).values("pk") for way in ways]
        return reach.listed(self, led_to, otherwise=ways[0] | ways[1], by="began_at")


class Handling(models.Model):
    """An agent's part in a conversation: the talk, the notes as they are typed, the disposition, and the wrap-up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="handlings")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="handlings")
    conference = models.ForeignKey(Conference, models.SET_NULL, null=True, blank=True, related_name="handlings")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("When talking was over."))
    wrap_up_until = models.DateTimeField(null=True, blank=True)
    extended = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True, blank=True, help_text=_("When the wrap-up was over."))
    notes = models.TextField(blank=True)
    disposition = models.ForeignKey(Disposition, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HandlingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["agent", "-began_at"], name="handling_of_agent"),
            models.Index(fields=["-began_at"], name="handling_began"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=models.Q(done_at__isnull=True), name="one_handling_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"Handling {self.pk}"


class CallbackQuerySet(models.QuerySet["Callback"]):
    def live(self) -> Self:
        return self.filter(state__in=CALLBACK_LIVE)

    def visible_to(self, user: User) -> Self:
        """Those of the queues that a person sees."""
        return self.filter(queue__in=reach.named(Queue.objects.visible_to(user)))

    def owed(self) -> Self:
        """Those that did not come about and that nobody looks after yet."""
        return self.filter(state=CallbackState.EXPIRED, owner__isnull=True)

    def untold(self, *, at: datetime) -> Self:
        """Expired ones of which the queue's supervisors should be told now, and which nobody is telling of."""
        return self.filter(
            models.Q(telling_until__isnull=True) | models.Q(telling_until__lte=at),
            models.Exists(
                User.objects.filter(supervised_teams__queues=models.OuterRef("queue"), is_active=True).exclude(email="")
            ),
            state=CallbackState.EXPIRED,
            told_at__isnull=True,
            ended_at__gt=at - STALE,
        )


class Callback(models.Model):
    """Somebody's wish to be called back, with the place in line kept by an entry of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="callbacks")
    number = models.CharField(max_length=64, db_index=True)
    language = models.CharField(max_length=16, blank=True)
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="callbacks_asked")
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in CallbackState], default=CallbackState.WAITING
    )
    tries = models.PositiveSmallIntegerField(default=0)
    last_outcome = models.CharField(max_length=32, blank=True)
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True, help_text=_("When people were told that it has expired."))
    telling_until = models.DateTimeField(
        null=True, blank=True, help_text=_("A worker sends the e-mail until then; later, its claim is void.")
    )

    objects = CallbackQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="callback_asked")]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "number"],
                condition=models.Q(state__in=sorted(CALLBACK_LIVE)),
                name="one_live_callback_per_number_and_queue",
            )
        ]

    def __str__(self) -> str:
        return f"Callback {self.pk}"
