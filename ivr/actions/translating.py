"""Texts of prompts come back from whoever translated them."""

import logging
from datetime import datetime

from django.db import transaction

from agents.models import User
from ivr.models import Prompt, Wording
from ivr.prompts import saying, translations
from ivr.prompts.translations import Plan, Sheet
from live.publish import publish

logger = logging.getLogger(__name__)


class WrongTranslations(Exception):
    """The sheet has problems; nothing of it is saved."""


class OtherTranslations(Exception):
    """What would change is not what was shown; nothing is saved."""


def take_translations(sheet: Sheet, *, fingerprint: str, by: User | None, at: datetime) -> Plan:
    """Write the texts of a sheet, if that is still what the plan with this fingerprint showed.

    Raises WrongTranslations or OtherTranslations. Sounds go on to be played; callers hear the rest once published.
    """
    with transaction.atomic():
        list(Prompt.objects.select_for_update().order_by("pk"))
        wanted = translations.plan(sheet)
        if wanted.problems:
            raise WrongTranslations(f"{len(wanted.problems)} problems")
        if wanted.fingerprint != fingerprint:
            raise OtherTranslations("something has changed since the preview")
        for change in wanted.changes:
            Wording.objects.update_or_create(
                prompt_id=change.prompt, language=change.language, defaults={"text": change.after}
            )
        flows = saying.saying({change.prompt for change in wanted.changes})
        publish(*(f"flow:{flow}" for flow in flows))
    logger.info("%d texts came from a sheet, by %s at %s", len(wanted.changes), by and by.pk, at)
    return wanted
