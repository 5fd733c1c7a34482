"""How what was said is kept for the search: which of PostgreSQL's configurations a language has, and the vector."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db.models import Value
from django.db.models.expressions import Combinable, CombinedExpression, Func

from recordings.models import Recording, Voicemail
from recordings.speech.provider import main_language

# The languages whose words PostgreSQL can bring to their stems, and by what names others know them.
CONFIGURATIONS: Mapping[str, str] = {
    "ar": "arabic",
    "arb": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
PLAIN = "simple"  # words as they are


def configuration(language: str) -> str:
    """Give the configuration for a language's tag: `de-AT` has that of German; what has none of its own, the plain."""
    return CONFIGURATIONS.get(main_language(language), PLAIN)


def mark(name: str) -> str:
    """Give the word that each vector of a configuration has, so that the index alone tells them apart.

    It begins with a space, as no word of a text does.
    """
    return f" {name}"


def vector(text: str | Combinable, language: str) -> Combinable:
    """Give the expression of the vector of a text, or of a column, to be written into `Transcript.search`."""
    name = configuration(language)
    marked = Func(Value([mark(name)]), function="array_to_tsvector", output_field=SearchVectorField())
    words = SearchVector(Value(text) if isinstance(text, str) else text, config=name)
    return CombinedExpression(marked, "||", words, output_field=SearchVectorField())


def belongings(recording: Recording) -> dict[str, Any]:
    """Give what a transcript keeps of its recording, so that the search narrows by it without asking elsewhere."""
    mailbox = Voicemail.objects.filter(recording=recording).values_list("mailbox", flat=True).first()
    return {
        "recorded_at": recording.recorded_at or recording.announced_at,
        "queue_id": recording.queue_id,
        "agent_id": recording.agent_id,
        "subject": recording.subject,
        "mailbox_id": mailbox,
    }
