"""Another key of ours takes over what people have texted: wrapped anew in the rows; the files stay as they are."""

from collections.abc import Iterator

from django.db import models, transaction

from messaging.files import context_of
from messaging.models import Media
from recordings import vault
from recordings.actions.keys import Rewrapped


def rewrap(*, batch: int) -> Iterator[Rewrapped]:
    """Wrap by the newest key what another one has wrapped, so many at a time; each time counts at once.

    May be stopped at any time and begun again.
    """
    seen = None
    while media := list((_old().filter(pk__gt=seen) if seen else _old()).order_by("pk")[:batch]):
        yield _rewrap(media)
        seen = media[-1].pk


def left_to_rewrap() -> int:
    """Tell how many another key has wrapped still."""
    return _old().count()


def _rewrap(batch: list[Media]) -> Rewrapped:
    done, unreadable = 0, []
    with transaction.atomic():
        for media in batch:
            wrapped = bytes(media.sealed_key)
            try:
                key = vault.rewrapped(media.key_id, wrapped, context=context_of(media))
            except vault.Unreadable as error:
                unreadable.append(f"{media}: {error}")
                continue
            unchanged = _old().filter(pk=media.pk, key_id=media.key_id, sealed_key=wrapped)
            done += unchanged.update(key_id=key.id, sealed_key=key.wrapped)
    return Rewrapped(media=done, unreadable=tuple(unreadable))


def _old() -> "models.QuerySet[Media]":
    return Media.objects.exclude(key_id__in=["", vault.newest_id()])
