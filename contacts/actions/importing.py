"""Taking contacts in from a file: all of it, or nothing."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from contacts.actions.changing import Different, change_many, create_many
from contacts.details import HasProblems
from contacts.exchange import plan
from contacts.exchange.plan import Plan
from contacts.exchange.sheet import Sheet
from contacts.states import How


class Unfit(Exception):
    """Some rows of the file are wrong, so none is saved."""


def import_contacts(content: Sheet, *, fingerprint: str, by: AbstractBaseUser, at: datetime) -> Plan:
    """Save what a file changes, if it is still what the plan with this fingerprint showed.

    Raises Unfit or Different, and then nothing is saved.
    """
    try:
        with transaction.atomic():
            wanted = plan.of(content)
            if wanted.problems:
                raise Unfit(f"{len(wanted.problems)} problems")
            if wanted.fingerprint != fingerprint:
                raise Different
            create_many([one.said for one in wanted.effective if one.contact is None], by=by, how=How.FILE, at=at)
            known = [(one.contact.pk, one.contact.version, one.said) for one in wanted.effective if one.contact]
            change_many(known, by=by, how=How.FILE, at=at)
    except HasProblems as wrong:  # two new rows with the same id elsewhere
        raise Unfit(str(wrong)) from None
    return wanted
