"""Recordings in the API: what there is and its sound, what was said, recorders on live calls, and voicemails."""

from recordings.api.live import Recorders
from recordings.api.recordings import Recordings
from recordings.api.transcripts import Transcripts
from recordings.api.voicemails import Voicemails

__all__ = ["Recorders", "Recordings", "Transcripts", "Voicemails"]
