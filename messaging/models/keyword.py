"""What is answered by itself when somebody texts a word."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.states import Purpose


class Keyword(models.Model):
    """A word and its answer. Without a word it is the answer to all that Twilio knows for STOP, START or HELP."""

    word = models.CharField(
        max_length=40,
        blank=True,
        help_text=_("What is texted, alone. Empty: each word that Twilio knows for STOP, START or HELP."),
    )
    language = models.CharField(max_length=16, blank=True, help_text=_("Like es-MX or es. Empty: every language."))
    purpose = models.CharField(
        max_length=16,
        choices=[
            (Purpose.REPLY.value, _("is answered, nothing else")),
            (Purpose.STOP.value, _("no more texts")),
            (Purpose.START.value, _("texts again")),
            (Purpose.HELP.value, _("asks for help")),
        ],
        default=Purpose.REPLY,
    )
    reply = models.TextField(
        _("answer"),
        max_length=1600,
        blank=True,
        help_text=_("Empty: what the word means is done, and nothing answered."),
    )
    media_url = models.URLField(
        _("picture"), max_length=1024, blank=True, help_text=_("A public address from which Twilio fetches it.")
    )
    redirect_url = models.URLField(
        _("another system answers"),
        max_length=1024,
        blank=True,
        help_text=_("The address of its TwiML, in place of an answer of ours."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["word", "language", "purpose"], name="word_once_per_language"),
            models.CheckConstraint(
                condition=~models.Q(word="") | ~models.Q(purpose=Purpose.REPLY), name="reply_needs_a_word"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word or self.purpose.upper()} {self.language}".strip()
