"""Public holidays are looked at and confirmed, once a year."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from agents import roles
from ivr.actions import holidays
from tests.ivr import rows as drafts
from tests.ivr.hours import rows

pytestmark = pytest.mark.django_db

YEAR = timezone.localdate().year + 1


@pytest.fixture
def supervisor(client):
    client.force_login(drafts.person(roles.SUPERVISOR))
    return client


def url(schedule):
    return reverse("admin:ivr_schedule_holidays", args=[schedule.pk])


def confirm(schedule, year, closed, **more):
    known = {"country": "DE", "region": "BY", "prompts": {}, "by": None, "at": timezone.now(), **more}
    return holidays.confirm_year(schedule, year=year, closed=closed, **known)


def test_a_country_is_chosen_then_its_region(supervisor):
    schedule = rows.office()

    nothing = supervisor.get(url(schedule)).content.decode()
    germany = supervisor.get(url(schedule), {"country": "DE"}).content.decode()
    bavaria = supervisor.get(url(schedule), {"country": "DE", "region": "BY", "year": YEAR}).content.decode()
    other = supervisor.get(url(schedule), {"country": "FR", "region": "BY"}).content.decode()

    assert "Germany" in nothing
    assert "Confirm" not in nothing
    assert "Bayern" in germany
    assert "Epiphany" not in germany
    assert "Epiphany" in bavaria
    assert "not confirmed: these days count for nothing yet" in bavaria
    assert "the whole country" in other


def test_a_year_is_confirmed_with_the_days_that_are_ticked_and_a_prompt(supervisor):
    schedule, prompt = rows.office(), drafts.prompt("Christmas")
    sent = {
        "country": "DE",
        "region": "BY",
        "year": YEAR,
        "closed": [f"{YEAR}-12-25", f"{YEAR}-01-01"],
        f"prompt-{YEAR}-12-25": prompt.pk,
        f"prompt-{YEAR}-01-01": "999999",
    }

    page = supervisor.post(url(schedule), sent, follow=True).content.decode()

    confirmed = schedule.holiday_years.get()
    closed = confirmed.holidays.filter(is_closed=True).order_by("date")
    assert [(day.date, day.prompt) for day in closed] == [(date(YEAR, 1, 1), None), (date(YEAR, 12, 25), prompt)]
    assert confirmed.confirmed_by.username == "supervisor"
    assert f"Germany, Bayern {YEAR} is confirmed: closed on 2 days." in page
    assert "by supervisor" in page


def test_what_changed_against_last_year_is_told_and_last_years_choices_stand(supervisor):
    schedule, prompt = rows.office(), drafts.prompt("New Year")
    last = confirm(schedule, YEAR - 1, set(), prompts={date(YEAR - 1, 1, 1): prompt.pk})
    last.holidays.filter(name="Epiphany").delete()
    last.holidays.filter(name="Labor Day").update(name="May Day")
    last.holidays.filter(name="Good Friday").update(is_closed=True)

    page = supervisor.get(url(schedule), {"year": YEAR}).content.decode()

    told = dict(row_of(page, name) for name in ("Epiphany", "Good Friday", "New Year&#x27;s Day"))
    assert "new" in told["Epiphany"]
    assert "moved" in told["Good Friday"]
    assert "same date" in told["New Year&#x27;s Day"]
    assert "May Day (1 May)" in page
    assert "checked" in told["Good Friday"]
    assert "checked" not in told["New Year&#x27;s Day"]
    assert f'value="{prompt.pk}" selected' in told["New Year&#x27;s Day"]


def row_of(page, name):
    before, after = page.split(f'<th scope="row">{name}</th>')
    return name, before.rsplit("<tr>", 1)[1] + after.split("</tr>", 1)[0]


def test_another_country_takes_the_place_only_once_it_is_confirmed(supervisor):
    schedule = rows.office()
    confirm(schedule, YEAR, {date(YEAR, 12, 25)})

    page = supervisor.get(url(schedule), {"country": "FR", "region": "", "year": YEAR}).content.decode()

    assert "was confirmed for DE BY. What you confirm here takes its place." in page
    schedule.refresh_from_db()
    assert schedule.country == "DE"


def test_no_public_holidays_are_followed_any_more(supervisor):
    schedule = rows.office()
    confirm(schedule, YEAR, {date(YEAR, 12, 25)})

    supervisor.post(url(schedule), {"do": "forget", "country": "DE", "region": "BY", "year": YEAR})

    schedule.refresh_from_db()
    assert schedule.country == ""
    assert not schedule.holiday_years.get().holidays.exists()


def test_who_may_only_look_confirms_nothing(client):
    client.force_login(drafts.person(roles.AUDITOR))
    schedule = rows.office(country="DE", region="BY")

    assert "Confirm" not in client.get(url(schedule), {"year": YEAR}).content.decode().split("Against")[1]
    assert client.post(url(schedule), {"country": "DE", "region": "", "year": YEAR}).status_code == 403
    client.force_login(drafts.person(roles.AGENT))
    assert client.get(url(schedule)).status_code == 403


def test_a_country_without_known_days_is_refused(supervisor):
    schedule = rows.office()

    page = supervisor.post(url(schedule), {"country": "", "region": "", "year": YEAR}, follow=True).content.decode()

    assert "No public holidays are known" in page


def test_the_page_takes_few_queries_whatever_is_confirmed(supervisor, django_assert_max_num_queries):
    schedule = rows.office()
    for year in (YEAR - 1, YEAR):
        confirm(schedule, year, set())
    supervisor.get(url(schedule))

    with django_assert_max_num_queries(13):
        supervisor.get(url(schedule), {"year": YEAR})
