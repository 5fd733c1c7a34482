"""What happens if somebody calls this number at ...?"""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from agents import roles
from ivr.models import DatedException, Exit, Schedule, Step
from tests.ivr import rows as drafts
from tests.ivr.hours import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(drafts.person(roles.FLOW_EDITOR))
    return client


def line(schedule: Schedule, name: str = "Sales", address: str = "+15005550100"):
    """A line whose flow asks the hours: open to the next flow, else a message."""
    there = drafts.publish(drafts.simple_flow(f"{name} menu"))
    flow = drafts.hours_flow(f"{name} flow", schedule)
    on = drafts.step(flow, "To the menu", "go_to", to_flow=there)
    Exit.objects.filter(step__flow=flow, name="open").update(target=on)
    Step.objects.filter(pk=flow.first_id).update(name="Open?")
    return drafts.line(name, address, drafts.publish(flow))


def test_the_page_of_a_line_answers_with_the_way_and_the_reason(editor):
    schedule = rows.office()
    found = line(schedule)
    DatedException.objects.create(
        schedule=schedule, date=date(2026, 10, 6), name="Fair", prompt=drafts.prompt("Fair greeting")
    )
    url = reverse("admin:ivr_line_change", args=[found.pk])
    editor.cookies["time_zone"] = "Europe/Berlin"

    open_then = editor.get(url, {"at": "2026-10-05T10:00"}).content.decode()
    fair = editor.get(url, {"at": "2026-10-06T10:00"}).content.decode()

    assert "<strong>Sales, Monday, 5 October 2026 at 10:00:</strong> Open, until 17:00 (Office): " in open_then
    assert "go to flow “To the menu”, then message “Greeting”, then hang up “The end”." in open_then
    assert "Closed for Fair; opens tomorrow at 09:00 (Office), heard “Fair greeting”: hang up “The end”." in fair


def test_it_begins_with_a_line_that_has_a_flow_and_with_now_on_the_clock_of_who_asks(editor):
    drafts.line("A former fax", "sip:fax@company.example", None)
    found = line(rows.office())
    editor.cookies["time_zone"] = "Asia/Tokyo"

    before = timezone.localtime(timezone=ZoneInfo("Asia/Tokyo"))
    page = editor.get(reverse("admin:index")).content.decode()
    after = timezone.localtime(timezone=ZoneInfo("Asia/Tokyo"))

    assert f'<option value="{found.pk}" selected>' in page
    assert any(f'value="{moment:%Y-%m-%dT%H:%M}"' in page for moment in (before, after))


def test_the_page_of_the_hours_answers_for_a_line_that_asks_them(editor):
    schedule = rows.office()
    line(schedule)
    second = line(schedule, "Support", "+15005550101")
    url = reverse("admin:ivr_schedule_change", args=[schedule.pk])

    page = editor.get(url, {"at": "2026-10-05T10:00", "line": second.pk}).content.decode()

    assert "<strong>Monday, 5 October 2026 at 10:00:</strong> Open, until 17:00." in page
    assert "<strong>Support:</strong> Open, until 17:00 (Office): go to flow" in page


def test_the_home_page_answers_for_any_line(editor):
    schedule = rows.office()
    line(schedule)
    second = line(schedule, "Support", "+15005550101")
    editor.cookies["time_zone"] = "Europe/Berlin"

    page = editor.get(reverse("admin:index"), {"at": "2026-10-04T10:00", "line": second.pk}).content.decode()
    wrong = editor.get(reverse("admin:index"), {"at": "soon", "line": "0"}).content.decode()

    assert "<strong>Support, Sunday, 4 October 2026 at 10:00:</strong> Closed; opens tomorrow at 09:00 (Office)" in page
    assert "Enter a valid date/time." in wrong
    assert "Select a valid choice" in wrong


def test_moments_of_winter_and_summer_are_on_the_clock_of_the_place(editor):
    schedule = rows.office(time_zone="America/New_York")
    found = line(schedule)
    editor.cookies["time_zone"] = "Europe/Berlin"

    page = editor.get(reverse("admin:ivr_line_change", args=[found.pk]), {"at": "2026-10-05T15:00"}).content.decode()

    assert "Open, until 17:00 (Office)" in page


def test_the_keys_of_the_first_menu_are_told_with_where_they_lead(editor):
    flow = drafts.flow("Main")
    end = drafts.step(flow, "The end")
    bye = drafts.says(drafts.step(flow, "Bye", "message", exits={"next": end}), "message", drafts.prompt())
    menu = drafts.says(drafts.step(flow, "Menu", "menu"), "greeting", drafts.prompt("Menu"))
    Exit.objects.create(step=menu, name="Goodbye", keys="1", is_option=True, target=bye)
    for name in ("no_input", "wrong_input"):
        Exit.objects.create(step=menu, name=name, target=end)
    flow.first = menu
    flow.save()
    found = drafts.line("Main", "+15005550100", drafts.publish(flow))

    url = reverse("admin:ivr_line_change", args=[found.pk])
    page = editor.get(url, {"at": "2026-10-05T15:00"}).content.decode()

    assert "At “Menu” callers choose:" in page
    assert "<kbd>1</kbd> Goodbye: message “Bye”, then hang up “The end”" in page
