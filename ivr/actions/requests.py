"""What steps ask of the domain, carried out in the transaction of the answer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import recordings.actions
from ivr.kinds.base import NoteMissed, Request, TakeVoicemail


def carry_out(requests: Sequence[Request], call: UUID, *, at: datetime) -> None:
    for request in requests:
        match request:
            case TakeVoicemail():
                recordings.actions.take_voicemail(
                    request.mailbox, call, request.recording, seconds=request.seconds, language=request.language, at=at
                )
            case NoteMissed():
                recordings.actions.note_missed(request.mailbox, call, at=at)
