"""Work on what was left in mailboxes: whose it is, and that it is done. Each row of the work list moves as a whole.

Whoever presses has seen a row as it was (`worklist.Seen`): what came later is left alone, and who was slower is told.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from agents.models import User
from live.publish import publish
from recordings.models import MissedCall, Voicemail
from recordings.models.mailbox import MessageQuerySet
from recordings.states import VOICEMAIL_MOVES, VoicemailStatus
from recordings.worklist import Left, Seen, number_of

Kind = TypeVar("Kind", Voicemail, MissedCall)

WORK = "recordings.change_voicemail"


class Taken(Exception):
    """Somebody else looks after it; the text says who."""


class Settled(Exception):
    """It is not any more as it was seen; the text says how."""


class NotAMember(Exception):
    """This person does not work on that mailbox."""


class Impossible(Exception):
    """The table of moves does not have this one."""


@transaction.atomic
def take(seen: Seen, *, by: User) -> None:
    """Make a row one person's task. Raises Taken and Settled."""
    hand_to(by, locked(seen))
    publish("messages")


@transaction.atomic
def assign(seen: Seen, *, to: User) -> None:
    """Make a row somebody's task, be it another's now.

    Raises NotAMember, Settled, and Taken where it is not any more whose it was seen to be.
    """
    if not may_work(to, seen.message.mailbox_id):
        raise NotAMember(_("%(who)s does not work on %(mailbox)s.") % {"who": to, "mailbox": seen.message.mailbox})
    _pass_on(seen, to)


@transaction.atomic
def release(seen: Seen) -> None:
    """Give a row back to everybody. Raises Settled, and Taken where it is not any more whose it was seen to be."""
    _pass_on(seen, None)


@transaction.atomic
def finish(seen: Seen, *, by: User, at: datetime) -> None:
    """Mark all of a row as done, as the work of who says so. Raises Taken and Settled."""
    messages = locked(seen)
    hand_to(by, messages)
    _write(messages, status=VoicemailStatus.DONE, done_at=at)
    publish("messages")


@transaction.atomic
def reopen(seen: Seen) -> None:
    """Undo that a row was marked as done; whose it was it is again. Raises Settled."""
    messages = locked(seen, done=True)
    for kind, status in ((Voicemail, VoicemailStatus.HEARD), (MissedCall, VoicemailStatus.NEW)):
        _write([message for message in messages if isinstance(message, kind)], status=status, done_at=None)
    publish("messages")


def mark(voicemail: Voicemail, *, status: VoicemailStatus, by: User, at: datetime) -> None:
    """Move one voicemail along; who has done with one that nobody took, took it.

    Raises Impossible for a move that the table does not have; standing there already is none.
    """
    origins = [old for old, reached in VOICEMAIL_MOVES.items() if status in reached]
    movable = Voicemail.objects.filter(pk=voicemail.pk, status__in=[*origins, status])
    is_done = status is VoicemailStatus.DONE
    changes: dict[str, Any] = {"taken_by": Coalesce("taken_by", by.pk)} if is_done else {}
    changes["done_at"] = Coalesce("done_at", models.Value(at)) if is_done else None
    with transaction.atomic():
        if not movable.update(status=status, **changes):
            raise Impossible
        publish("messages")


def may_work(person: User, mailbox_id: int) -> bool:
    """Tell whether somebody may be given what lies in a mailbox."""
    sees = person.has_perm("recordings.see_every_mailbox") or person.mailboxes.filter(pk=mailbox_id).exists()
    return person.is_active and sees and person.has_perm(WORK)


def locked(seen: Seen, *, done: bool = False) -> list[Left]:
    """Lock all of a row that is still as it was seen: open, or done in one portion. Raises Settled."""
    found: list[Left] = [*_locked(Voicemail, "left_at", seen, done=done), *_locked(MissedCall, "at", seen, done=done)]
    if not found:
        raise Settled(_how_it_is(seen.message))
    return found


def hand_to(person: User, messages: Sequence[Left]) -> None:
    """Make locked messages somebody's task. Raises Taken where any of them is another's."""
    others = {message.taken_by for message in messages if message.taken_by_id not in (None, person.pk)}
    if others:
        raise Taken(_names(others))
    _write(messages, taken_by=person)


def _pass_on(seen: Seen, to: User | None) -> None:
    messages = locked(seen)
    present = {message.taken_by for message in messages if message.taken_by is not None}
    if {one.pk for one in present} != seen.holders:
        raise Taken(_names(present) or _("nobody"))
    _write(messages, taken_by=to)
    publish("messages")


def _locked(kind: type[Kind], moment: str, seen: Seen, *, done: bool) -> list[Kind]:
    message, number = seen.message, number_of(seen.message)
    rows: MessageQuerySet[Kind] = kind.objects.filter(mailbox=message.mailbox_id, **{f"{moment}__lte": seen.until})
    rows = rows.filter(status=VoicemailStatus.DONE, done_at=message.done_at) if done else rows.open()
    if number and not (done and message.done_at is None):
        rows = rows.left_by(number)
    elif isinstance(message, kind):
        rows = rows.filter(pk=message.pk)
    else:
        return []
    return list(rows.select_related("taken_by").select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _write(messages: Iterable[Left], **changes: Any) -> None:
    """Change locked messages, the objects at hand too."""
    for kind in (Voicemail, MissedCall):
        keys = [message.pk for message in messages if isinstance(message, kind)]
        if keys:
            kind.objects.filter(pk__in=keys).update(**changes)


def _how_it_is(message: Left) -> str:
    message.refresh_from_db(fields=["status", "taken_by"])
    if not message.is_done:
        return _("It is open again.")
    who = message.taken_by
    return _("It is done already, by %(who)s.") % {"who": who} if who else _("It is done already.")


def _names(people: Iterable[User | None]) -> str:
    return ", ".join(sorted(str(one) for one in people if one is not None))
