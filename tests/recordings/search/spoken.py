"""Transcripts that the tests of the search look for."""

from typing import Any

from recordings.indexing import belongings, vector
from recordings.models import Recording, Transcript
from tests.calls.factories import AT
from tests.recordings.listening import conversation, make_transcript


def segments_of(*texts: str) -> list[dict[str, Any]]:
    return [
        {"start": 10.0 * place, "end": 10.0 * place + 9, "speaker": ("Customer", "Ann")[place % 2], "text": text}
        for place, text in enumerate(texts)
    ]


def say(*texts: str, language: str = "en-US", recording: Recording | None = None, **fields: Any) -> Transcript:
    """Make a transcript that is in the index, of a conversation of no queue where no recording is named."""
    recording = recording or conversation()
    text = "\n".join(texts)
    belongs = belongings(recording) | {"recorded_at": AT}
    transcript = make_transcript(
        recording, segments=segments_of(*texts), text=text, language=language, **(belongs | fields)
    )
    Transcript.objects.filter(pk=transcript.pk).update(search=vector(text, language))
    return transcript
