from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from crm.catalogue import TYPES
from crm.catalogue.document import MARK, written

PAGE = Path(settings.BASE_DIR) / "docs" / "events.md"


def test_the_page_of_events_is_that_of_the_catalogue():
    page = PAGE.read_text()

    assert page == written(page, TYPES), "run: python manage.py write_event_catalogue"


def test_what_people_wrote_stays(settings, tmp_path):
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs" / "events.md"
    page.write_text(f"# By people\n\n{MARK}\n\nold")
    settings.BASE_DIR = tmp_path

    call_command("write_event_catalogue", verbosity=0)

    text = page.read_text()
    assert text.startswith("# By people\n")
    assert "old" not in text.splitlines()
    assert all(f"### {name}\n" in text for name in TYPES)
