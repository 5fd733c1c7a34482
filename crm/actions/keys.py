"""Every write to keys of the API."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from agents.models import User
from crm.models import Key

SIGN = "cc_"  # by which a key is known for one of ours, also where it was left lying about
BEGINNING = 11  # of these it is told from others: the sign and eight more
USE_STEP = timedelta(minutes=1)  # how exactly the last use is known


def digest(token: str) -> str:
    """Give that by which a key is kept. A plain hash is enough: 256 random bits cannot be tried out."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(
    owner: User,
    *,
    name: str,
    scopes: Sequence[str],
    addresses: Sequence[str] = (),
    requests_per_minute: int | None = None,
    expires_at: datetime | None = None,
    at: datetime,
) -> tuple[Key, str]:
    """Make a key, and return it with its text, which is told this once and kept nowhere."""
    token = SIGN + secrets.token_urlsafe(32)
    key = Key.objects.create(
        owner=owner,
        name=name,
        beginning=token[:BEGINNING],
        sha256=digest(token),
        scopes=sorted(set(scopes)),
        addresses=list(addresses),
        requests_per_minute=requests_per_minute,
        created_at=at,
        expires_at=expires_at,
    )
    return key, token


def revoke(key: Key, *, at: datetime) -> bool:
    """Take a key back, for ever, and return whether it was not before."""
    return bool(Key.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=at))


def note_use(key: Key, *, at: datetime) -> None:
    """Note that a key was used: once a minute, not at each request."""
    if key.last_used_at is None or key.last_used_at <= at - USE_STEP:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - USE_STEP)
        Key.objects.filter(stale, pk=key.pk).update(last_used_at=at)
