"""What stands in the address of a link to share, and of sound for a few minutes: nobody can guess it, nor make one."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.core import signing
from django.core.signing import BadSignature, Signer

from agents.models import User
from recordings.models import Recording, ShareLink

SALT = "recordings.share"
MEDIA_SALT = "recordings.media"
MEDIA_LASTS = timedelta(minutes=10)  # and as long as it takes to hear it


class NotOurs(Exception):
    """We have never given out such an address."""


def token_of(link: ShareLink) -> str:
    """Sign a link's id for its address."""
    return Signer(salt=SALT).sign(link.pk.hex)


def id_of(token: str) -> UUID:
    """Read the id of a link out of its address. Raises NotOurs."""
    try:
        return UUID(hex=Signer(salt=SALT).unsign(token))
    except (BadSignature, ValueError) as error:
        raise NotOurs from error


class Media(NamedTuple):
    """Whose address it is, of which recording, for what reason, and until when."""

    recording: UUID
    user: int
    reason: str
    until: datetime


def media_token(recording: Recording, user: User, *, reason: str, until: datetime) -> str:
    """Sign that a person hears a recording until then, for its address."""
    return signing.dumps([recording.pk.hex, user.pk, reason, until.isoformat()], salt=MEDIA_SALT, compress=True)


def media_of(token: str) -> Media:
    """Read whose address it is. Raises NotOurs; whether its time is over, is for who asks."""
    try:
        recording, user, reason, until = signing.loads(token, salt=MEDIA_SALT)
        return Media(UUID(hex=recording), user, reason, datetime.fromisoformat(until))
    except (BadSignature, ValueError, TypeError) as error:
        raise NotOurs from error
