"""The sheet for translators goes out and comes back."""

import pytest

from ivr.models import Audio, Prompt, Wording
from ivr.prompts import translations
from sheets import table
from tests.ivr import rows
from tests.ivr.prompts.test_saying import bilingual

pytestmark = pytest.mark.django_db


def sheet(text):
    return translations.read(text.encode())


def test_an_export_that_comes_back_unchanged_changes_nothing():
    bilingual()
    rows.says(rows.step(rows.flow("Other"), "Bye"), "goodbye", rows.prompt("=Bye", "<p>Good <break/>bye.</p>"))

    plan = translations.plan(sheet(translations.export()))

    assert (plan.changes, plan.problems) == ((), ())


def test_a_filled_cell_is_told_with_what_was_there():
    bilingual()

    plan = translations.plan(sheet("prompt,said in,en-US,es-US\nHello,Main,Good day.,Buenas.\n"))

    assert [(one.name, one.language, one.before, one.after) for one in plan.changes] == [
        ("Hello", "en-US", "Hello.", "Good day."),
        ("Hello", "es-US", "", "Buenas."),
    ]


def test_empty_cells_and_sounds_are_left_alone():
    bilingual()
    Wording.objects.update(audio=Audio.objects.create(sha256="ab" * 32, name="Tune", seconds=1, uploaded_at=rows.AT))

    exported = translations.export()
    plan = translations.plan(sheet(exported))

    assert "♪ Tune" in exported
    assert plan.changes == ()


def test_a_text_beside_a_sound_is_told_as_not_heard():
    bilingual()
    Wording.objects.update(audio=Audio.objects.create(sha256="ab" * 32, name="Tune", seconds=1, uploaded_at=rows.AT))

    (change,) = translations.plan(sheet("prompt,en-US\nHello,Good day.\n")).changes

    assert change.plays


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Nobody,Hi", "there is no prompt “Nobody”"),
        (",Hi", "is missing"),
        ("Hello,<blink>Hi</blink>", "at character 1: The tag <blink> is not possible"),
        (f"Hello,{'x' * 10_001}", "is longer than 10000 characters"),
        ("Hello,Hi,more", "has more cells than the heading"),
    ],
)
def test_what_is_wrong_is_told_by_its_row(row, words):
    bilingual()

    problems = translations.plan(sheet(f"prompt,en-US\n{row}\n")).problems

    assert problems[0].row == 2
    assert problems[0].text.startswith(words)


def test_a_column_that_is_no_language_is_refused():
    with pytest.raises(table.Unreadable, match="Unknown columns: klingon"):
        sheet("prompt,Klingon\nHello,Qapla\n")


def test_languages_may_be_written_in_small_letters():
    Prompt.objects.create(name="Hello")

    assert sheet("PROMPT,EN-us\nHello,Hi\n").languages == ("en-US",)
