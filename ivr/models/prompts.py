"""What callers hear: prompts in each language, and the sounds that they play."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audio(models.Model):
    """An uploaded sound, turned into telephone audio and kept under the hash of its bytes."""

    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(max_length=120)
    file = models.FileField(upload_to="", editable=False)
    seconds = models.FloatField(editable=False)
    uploaded_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name_plural = "audio"

    def __str__(self) -> str:
        return self.name


class Prompt(models.Model):
    """Something callers hear: in each language a text, or a sound."""

    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """A prompt in one language."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=16)
    text = models.TextField(blank=True)
    voice = models.CharField(max_length=64, blank=True, help_text=_("Empty: the flow's voice for the language."))
    audio = models.ForeignKey(
        Audio,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="wordings",
        help_text=_("Played in place of the text."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prompt", "language"], name="one_wording_per_language"),
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(audio__isnull=False), name="wording_has_text_or_audio"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prompt} ({self.language})"
