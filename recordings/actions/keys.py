"""Another key of ours takes over: what it opens is wrapped anew in the rows; files and transcripts stay as they are."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models, transaction

from recordings import vault
from recordings.files import context_of
from recordings.models import Copy, Transcript
from recordings.states import State

# The spool finds a file by its wrapped key.
ON_THE_WAY = [State.READY, State.FETCHED, State.VERIFIED]


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """What one step has done, and why the others could not be opened."""

    copies: int = 0
    transcripts: int = 0
    media: int = 0
    unreadable: tuple[str, ...] = ()


def rewrap(*, batch: int) -> Iterator[Rewrapped]:
    """Wrap by the newest key what another one has wrapped, so many at a time; each time counts at once.

    May be stopped at any time and begun again.
    """
    last = 0
    while copies := list(_old_copies().filter(pk__gt=last).order_by("pk")[:batch]):
        yield _rewrap_copies(copies)
        last = copies[-1].pk
    seen = None
    while transcripts := list((_old_transcripts().filter(pk__gt=seen) if seen else _old_transcripts())[:batch]):
        yield _rewrap_transcripts(transcripts)
        seen = transcripts[-1].pk


def left_to_rewrap() -> int:
    """Tell how many another key has wrapped still."""
    old = Copy.objects.exclude(key_id__in=["", vault.newest_id()])
    return old.count() + _old_transcripts().count()


def _rewrap_copies(copies: list[Copy]) -> Rewrapped:
    done, unreadable = 0, []
    with transaction.atomic():
        for copy in copies:
            wrapped = bytes(copy.sealed_key)
            try:
                key = vault.rewrapped(copy.key_id, wrapped, context=context_of(copy.recording_id, copy.kind))
            except vault.Unreadable as error:
                unreadable.append(f"{copy}: {error}")
                continue
            unchanged = _old_copies().filter(pk=copy.pk, key_id=copy.key_id, sealed_key=wrapped)
            done += unchanged.update(key_id=key.id, sealed_key=key.wrapped)
    return Rewrapped(copies=done, unreadable=tuple(unreadable))


def _rewrap_transcripts(transcripts: list[Transcript]) -> Rewrapped:
    done, unreadable = 0, []
    with transaction.atomic():
        for transcript in transcripts:
            try:
                how = vault.resealed(transcript.original_key, context=transcript.context)
            except vault.Unreadable as error:
                unreadable.append(f"{transcript}: {error}")
                continue
            unchanged = Transcript.objects.filter(pk=transcript.pk, original_key=transcript.original_key)
            done += unchanged.update(original_key=how)
    return Rewrapped(transcripts=done, unreadable=tuple(unreadable))


def _old_copies() -> "models.QuerySet[Copy]":
    old = Copy.objects.exclude(key_id__in=["", vault.newest_id()])
    return old.exclude(recording__state__in=ON_THE_WAY)


def _old_transcripts() -> "models.QuerySet[Transcript]":
    return Transcript.objects.exclude(original_key={}).exclude(original_key__id=vault.newest_id()).order_by("pk")
