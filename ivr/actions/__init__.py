"""Every write to visits and versions: a call begins, advances, waits and ends; a draft is published."""

from ivr.actions.importing import HasChanged, Imported, NotImportable, Unpublishable, import_draft, import_drafts
from ivr.actions.publishing import (
    DESPITE,
    HasErrors,
    NeedsApproval,
    NothingChanges,
    ScenariosFail,
    check,
    publish,
    remember_emergencies,
    restore,
)
from ivr.actions.translating import OtherTranslations, WrongTranslations, take_translations
from ivr.actions.visits import CALLER_HUNG_UP, advance, begin, begin_called, end_visit, fall_back, screen, take_message
from ivr.actions.waiting import wait

__all__ = [
    "CALLER_HUNG_UP",
    "DESPITE",
    "HasChanged",
    "HasErrors",
    "Imported",
    "NeedsApproval",
    "NotImportable",
    "NothingChanges",
    "OtherTranslations",
    "ScenariosFail",
    "Unpublishable",
    "WrongTranslations",
    "advance",
    "begin",
    "begin_called",
    "check",
    "end_visit",
    "fall_back",
    "import_draft",
    "import_drafts",
    "publish",
    "remember_emergencies",
    "restore",
    "screen",
    "take_message",
    "take_translations",
    "wait",
]
