"""Texts come back from a sheet."""

import pytest

from ivr import actions
from ivr.models import Wording
from ivr.prompts import translations
from tests.ivr import rows
from tests.ivr.prompts.test_saying import bilingual

pytestmark = pytest.mark.django_db

FILLED = translations.read(b"prompt,en-US,es-US\nHello,Good day.,Buenas.\n")


def take(sheet=FILLED, fingerprint=None):
    wanted = translations.plan(sheet).fingerprint if fingerprint is None else fingerprint
    return actions.take_translations(sheet, fingerprint=wanted, by=None, at=rows.AT)


def test_texts_are_written_in_each_language():
    bilingual()

    done = take()

    assert len(done.changes) == 2
    assert dict(Wording.objects.values_list("language", "text")) == {"en-US": "Good day.", "es-US": "Buenas."}


def test_taking_the_same_sheet_twice_changes_nothing_more():
    bilingual()
    take()

    assert take().changes == ()


def test_what_was_not_shown_is_not_saved():
    bilingual()
    shown = translations.plan(FILLED).fingerprint
    Wording.objects.update(text="Meanwhile.")

    with pytest.raises(actions.OtherTranslations):
        take(fingerprint=shown)

    assert Wording.objects.get().text == "Meanwhile."


def test_a_sheet_with_problems_is_not_saved():
    bilingual()
    broken = translations.read(b"prompt,en-US\nHello,Good day.\nNobody,Hi\n")

    with pytest.raises(actions.WrongTranslations):
        take(broken)

    assert Wording.objects.get().text == "Hello."
