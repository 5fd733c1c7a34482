"""Who is told of events: made, changed, tried out, and given up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import User
from crm.catalogue import TYPES
from crm.models import Event, Subscription
from crm.signals import deliveries_due, event_noted
from rest import outgoing

OVERLAP = timedelta(hours=24)  # so long the old secret signs too
TELLING_LEASE = timedelta(minutes=2)
MOST = 50  # of one person


class NotPossible(Exception):
    """The subscription cannot be so; `field` says which of its values, the text why, for people."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


def subscribe(*, owner: User, name: str, url: str, types: Sequence[str] = (), at: datetime) -> Subscription:
    """Have an address told of events from now on; without types, of all. Raises NotPossible."""
    check(url=url, types=types)
    if Subscription.objects.filter(owner=owner).count() >= MOST:
        raise NotPossible("name", _("You have %(most)d subscriptions already.") % {"most": MOST})
    return Subscription.objects.create(
        owner=owner,
        name=name.strip()[:80],
        url=url,
        types=sorted(set(types)),
        secret=outgoing.new_secret(),
        created_at=at,
    )


def change(
    subscription: Subscription,
    *,
    name: str | None = None,
    url: str | None = None,
    types: Sequence[str] | None = None,
    at: datetime,  # noqa: ARG001  like its neighbors
) -> None:
    """Give it another name, address or other types; what is None stays. Raises NotPossible."""
    with transaction.atomic():
        row = _locked(subscription)
        row.name = row.name if name is None else name.strip()[:80]
        row.url = row.url if url is None else url
        row.types = row.types if types is None else sorted(set(types))
        check(url=row.url, types=row.types)
        row.version += 1
        row.save(update_fields=["name", "url", "types", "version"])
    subscription.refresh_from_db()


def check(*, url: str, types: Sequence[str]) -> None:
    """Raise NotPossible where an address may not be asked, or a type is not in the catalogue."""
    if why := outgoing.problem(url):
        raise NotPossible("url", why)
    if unknown := sorted(set(types) - set(TYPES)):
        raise NotPossible("types", _("There is no such type of event: %(names)s.") % {"names": ", ".join(unknown)})


def unsubscribe(subscription: Subscription) -> None:
    """Forget it, with all that was sent to it."""
    Subscription.objects.filter(pk=subscription.pk).delete()


def rotate_secret(subscription: Subscription, *, at: datetime) -> str:
    """Give it a new secret, and return that. The one before signs too for a day, and then ends by itself."""
    with transaction.atomic():
        row = _locked(subscription)
        row.old_secret, row.old_secret_until, row.secret = row.secret, at + OVERLAP, outgoing.new_secret()
        row.version += 1
        row.save(update_fields=["secret", "old_secret", "old_secret_until", "version"])
    subscription.refresh_from_db()
    return subscription.secret


def forget_old_secrets(*, at: datetime) -> None:
    """Drop the secrets whose time to sign too is over."""
    over = Subscription.objects.filter(old_secret_until__lte=at)
    over.update(old_secret="", old_secret_until=None)


def disable(subscription: Subscription, *, because: str = "", at: datetime) -> None:
    """Send nothing more. With a reason it is our doing, and its owner is told; what waits is kept, for later."""
    with transaction.atomic():
        row = _locked(subscription)
        if row.disabled_at is None:
            row.disabled_at, row.disabled_because = at, because[:255]
            row.told_at = row.telling_until = None
            row.version += 1
            row.save(update_fields=["disabled_at", "disabled_because", "told_at", "telling_until", "version"])
    subscription.refresh_from_db()


def enable(subscription: Subscription, *, at: datetime) -> None:
    """Send again, what waits first. What happened meanwhile was not kept for it; it can be replayed."""
    with transaction.atomic():
        row = _locked(subscription)
        row.disabled_at, row.disabled_because, row.failing_since = None, "", None
        row.version += 1
        row.save(update_fields=["disabled_at", "disabled_because", "failing_since", "version"])
        row.deliveries.waiting().update(due_at=at)
        deliveries_due.send(sender=Subscription)
    subscription.refresh_from_db()


def send_test(subscription: Subscription, *, type: str, at: datetime) -> Event:  # noqa: A002  the word of the catalogue
    """Send the example of a type, marked as a test, to this subscription alone. Raises NotPossible."""
    check(url=subscription.url, types=[type])
    if subscription.disabled_at is not None:
        raise NotPossible("type", _("The subscription is switched off."))
    known = TYPES[type]
    event = Event.objects.create(
        type=type, version=known.version, occurred_at=at, data=known.example, only=subscription
    )
    event_noted.send(sender=Event)
    return event


def claim_telling(subscription_id: UUID, *, at: datetime) -> bool:
    """Claim the e-mail about a subscription that was given up; False where nobody is to be told, or somebody does."""
    untold = Subscription.objects.untold(at=at).filter(pk=subscription_id)
    return untold.update(telling_until=at + TELLING_LEASE) == 1


def note_told(subscription_id: UUID, *, at: datetime) -> None:
    Subscription.objects.filter(pk=subscription_id).update(told_at=at, telling_until=None)


def _locked(subscription: Subscription) -> Subscription:
    return Subscription.objects.select_for_update(no_key=True).get(pk=subscription.pk)
