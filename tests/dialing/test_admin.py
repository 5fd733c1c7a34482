"""Tests of the pages of limits and of who was dialed."""

from datetime import time
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from dialing.models import Limits
from dialing.states import Purpose, Rule
from tests.agents.factories import user
from tests.calls.factories import make_call
from tests.dialing.factories import attempt

pytestmark = pytest.mark.django_db


def shown(client, role, name, *args):
    client.force_login(user(role, is_staff=True))
    return client.get(reverse(f"admin:{name}", args=args))


def test_the_limits_are_one_page_that_operations_people_change(client):
    client.force_login(user("Administrator", is_staff=True))
    page = client.get(reverse("admin:dialing_limits_changelist"), follow=True)
    assert "Codes with commas between" in page.content.decode()
    form = {
        "countries": "US,CA",
        "opens": "09:00",
        "closes": "20:00",
        "number_per_hour": "2",
        "number_per_day": "",
        "attempts": "5",
        "attempt_days": "7",
        "per_hour": "10",
        "per_day": "20",
        "minutes": "3",
        "rate": "0.05",
        "spend_per_day": "7.50",
        "spend_per_month": "",
        "detects": "on",
    }

    answer = client.post(reverse("admin:dialing_limits_change", args=[1]), form)
    wrong = client.post(reverse("admin:dialing_limits_change", args=[1]), form | {"countries": "US,XX"})

    assert answer.status_code == 302
    assert (wrong.status_code, wrong.context["adminform"].form.errors.keys()) == (200, {"countries"})
    limits = Limits.objects.get()
    assert (limits.countries, limits.opens, limits.number_per_day) == (["US", "CA"], time(9), None)
    assert (limits.spend_per_day, limits.spend_per_month) == (Decimal("7.50"), None)
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "may_change"), [("Supervisor", False), ("Auditor", False), ("Compliance officer", True)]
)
def test_others_see_the_limits(client, role, may_change):
    page = shown(client, role, "dialing_limits_change", 1)

    assert page.status_code == 200
    assert ('name="countries"' in page.content.decode()) is may_change


def test_each_attempt_says_what_came_of_it(client, django_assert_max_num_queries):
    now = timezone.now()
    attempt(at=now, rule=Rule.HOURS, purpose=Purpose.FLOW)
    attempt(at=now, call=make_call(status="completed"), price=Decimal("0.013"), currency="USD")
    attempt(at=now, withdrawn_at=now, estimate=Decimal("0.06"))
    client.force_login(user("Administrator", is_staff=True))

    with django_assert_max_num_queries(14):
        page = client.get(reverse("admin:dialing_attempt_changelist")).content.decode()

    for words in ("It is not between 08:00 and 21:00", "0.0130 USD", "nobody was rung after all", "about 0.0600"):
        assert words in page
    assert "+1 415-555-0123" in page


def test_numbers_are_masked_for_who_may_not_see_them_and_found_by_a_part(client):
    one = attempt(at=timezone.now())
    attempt("+14155550199", at=timezone.now())

    page = shown(client, "Auditor", "dialing_attempt_changelist").content.decode()
    found = client.get(reverse("admin:dialing_attempt_changelist"), {"q": "0123"}).content.decode()
    detail = client.get(reverse("admin:dialing_attempt_change", args=[one.pk])).content.decode()

    assert "555-0123" not in page + detail
    assert "****123" in found
    assert "****199" not in found
