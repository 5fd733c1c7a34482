"""Who texts with whom."""

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agents import reach
from agents.models import User
from queues.models import Queue

EVERY_THREAD = "messaging.see_every_thread"


class Sender(models.Model):
    """A number of ours that texts. One that somebody texts to is here by itself."""

    number = models.CharField(max_length=64, unique=True, help_text=_("E.164, or a short code, as Twilio writes it."))
    service_sid = models.CharField(
        _("messaging service"),
        max_length=64,
        blank=True,
        help_text=_(
            "Texts go out through this service of Twilio's (MG…), which must have the number. Empty: directly."
        ),
    )
    queue = models.ForeignKey(
        Queue,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="senders",
        help_text=_("Whose agents read what comes here, and for whom it is sent. Empty: every agent."),
    )
    is_default = models.BooleanField(
        _("standard"), default=False, help_text=_("Used where a queue has no number of its own.")
    )
    twilio_answers = models.BooleanField(
        _("Twilio answers STOP, START and HELP"),
        default=True,
        help_text=_("As it does for ordinary numbers. Take it away for a short code: then our own answers are sent."),
    )

    class Meta:
        verbose_name = _("number for texts")
        verbose_name_plural = _("numbers for texts")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_standard_sender"
            )
        ]

    def __str__(self) -> str:
        return self.number


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, user: User) -> Self:
        """Those of the queues that a person sees, and of no queue: everybody's."""
        if user.has_perm(EVERY_THREAD):
            return self
        return self.filter(
            models.Q(queue__isnull=True) | models.Q(queue__in=reach.named(Queue.objects.visible_to(user)))
        )

    def waiting(self) -> Self:
        """Those in which somebody waits for an answer of ours."""
        return self.filter(waits_since__isnull=False)


class Thread(models.Model):
    """All texts between one number of ours and one person's. Whose it is, `contacts` knows by the number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="threads", verbose_name=_("our number"))
    number = models.CharField(max_length=64, db_index=True, help_text=_("The other person's."))
    queue = models.ForeignKey(Queue, models.SET_NULL, null=True, blank=True, related_name="threads")
    language = models.CharField(max_length=16, blank=True, help_text=_("That of the texts last sent by themselves."))
    began_at = models.DateTimeField()
    last_at = models.DateTimeField(help_text=_("When the last text came or went."))
    waits_since = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when somebody waits for an answer. Empty: nobody does.")
    )
    unread = models.PositiveIntegerField(default=0, help_text=_("How many texts have come since then."))

    objects = ThreadQuerySet.as_manager()

    class Meta:
        permissions = [
            ("send_text", "Can send texts"),
            ("see_every_thread", "Can read texts of every queue"),
        ]
        indexes = [
            models.Index(fields=["-last_at", "id"], name="thread_newest"),
            models.Index(fields=["waits_since"], name="thread_waiting", condition=models.Q(waits_since__isnull=False)),
        ]
        constraints = [models.UniqueConstraint(fields=["sender", "number"], name="one_thread_per_pair")]

    def __str__(self) -> str:
        return f"Thread {self.pk}"
