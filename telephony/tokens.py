"""Access tokens with which a browser becomes a telephone (Twilio's page "Access tokens")."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant


class NoKey(Exception):
    """TWILIO_API_KEY and TWILIO_API_SECRET are not set: access tokens are signed with nothing else."""


@dataclass(frozen=True, slots=True)
class Token:
    """What the browser phone registers with, and when it ends. It is as good as the phone: never logged."""

    jwt: str
    expires_at: datetime


def voice_token(identity: str, *, at: datetime) -> Token:
    """Sign a token for one browser phone that may be rung, and may ring nobody.

    The account's auth token cannot sign it. Raises NoKey.
    """
    if not (settings.TWILIO_API_KEY and settings.TWILIO_API_SECRET):
        raise NoKey("The browser phone needs TWILIO_API_KEY and TWILIO_API_SECRET.")
    began = int(at.timestamp())
    expires_at = at.replace(microsecond=0) + timedelta(minutes=settings.TWILIO_TOKEN_MINUTES)
    token = AccessToken(
        settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_API_KEY,
        settings.TWILIO_API_SECRET,
        grants=[VoiceGrant(incoming_allow=True)],
        identity=identity,
        nbf=began,
        valid_until=int(expires_at.timestamp()),
        region=settings.TWILIO_REGION or None,
    )
    return Token(token.to_jwt(), expires_at)
