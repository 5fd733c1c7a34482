"""The page of a queue: what is saved, who may do it, and who could take a call now."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents import roles
from agents.models import Skill
from queues.models import Disposition, Membership, Queue
from queues.signals import line_changed
from tests.agents import factories as people
from tests.queues.factories import make_entry, make_queue, member

pytestmark = pytest.mark.django_db

LIST = reverse("admin:queues_queue_changelist")
ADD = reverse("admin:queues_queue_add")


def one(queue):
    return reverse("admin:queues_queue_change", args=[queue.pk])


def text(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def administrator(client):
    client.force_login(people.user(roles.ADMINISTRATOR))
    return client


def filled(page, **changes):
    """Give what the form would send if nothing but this were changed."""
    form, data = page.context["adminform"].form, {}
    for field in form:
        value = field.value()
        if value is not None and value is not False:
            data[field.html_name] = value
    for formset in page.context["inline_admin_formsets"]:
        management = formset.formset.management_form
        data |= {management.add_prefix(name): management[name].value() for name in management.fields}
        for row in formset.formset.forms:
            data |= {row.add_prefix(name): row[name].value() or "" for name in row.fields}
    return data | changes


def test_a_queue_is_set_up_with_skills_members_and_dispositions(administrator):
    ann, german = people.agent("Ann"), Skill.objects.create(name="German")
    sold = Disposition.objects.create(name="Sold")
    data = filled(administrator.get(ADD), name="Support", dispositions=[sold.pk], disposition_required="on")
    data |= {"skills-TOTAL_FORMS": 1, "skills-0-skill": german.pk, "skills-0-level": 5, "skills-0-relax_to": 2}
    data |= {"memberships-TOTAL_FORMS": 1, "memberships-0-agent": str(ann.pk), "memberships-0-priority": 2}

    answer = administrator.post(ADD, data)

    assert answer.status_code == 302, [(f.name, f.errors) for f in answer.context["adminform"].form if f.errors]
    queue = Queue.objects.get()
    assert (queue.name, list(queue.dispositions.all()), queue.disposition_required) == ("Support", [sold], True)
    assert list(queue.skills.values_list("skill__name", "level", "relax_to")) == [("German", 5, 2)]
    assert list(queue.memberships.values_list("agent", "priority")) == [(ann.pk, 2)]


def test_what_would_lock_agents_in_or_never_relax_or_never_ring_is_refused(administrator):
    german = Skill.objects.create(name="German")
    data = filled(administrator.get(ADD), name="Support", disposition_required="on", caller_id="us")
    data |= {"skills-TOTAL_FORMS": 1, "skills-0-skill": german.pk, "skills-0-level": 5, "skills-0-relax_to": 5}

    page = text(administrator.post(ADD, data))

    assert "Choose at least one if the agent has to choose one." in page
    assert "Less than the level at first." in page
    assert "Write a telephone number, such as +15005550100." in page
    assert not Queue.objects.exists()


def test_who_is_to_be_rung_is_decided_anew_when_a_queue_is_saved(administrator):
    seen = []

    def note(**_):
        seen.append(1)

    queue = make_queue()
    line_changed.connect(note)
    answer = administrator.post(one(queue), filled(administrator.get(one(queue)), ring_seconds=30))
    line_changed.disconnect(note)

    assert answer.status_code == 302
    assert seen


def test_the_page_says_who_could_take_a_call_now_and_why_not(administrator):
    now = timezone.now()
    queue = make_queue("Support", skills={"German": 5})
    member(queue, "Ann", at=now, skills={"German": 6}, idle_since=now)
    member(queue, "Bob", at=now, skills={"German": 3}, activity="talking")
    make_entry(queue, joined_at=now, aged_from=now)

    page = text(administrator.get(one(queue)))

    assert "1 caller waits; 1 of 2 members at work could be rung now" in page
    assert page.count("Ann: can be asked (priority 1, idle for 0:0") == 2
    assert page.count("Bob: is on a call; lacks German (has 3, 5 is asked for)") == 2


def test_a_supervisor_changes_the_members_of_the_own_queues_and_nothing_else(client):
    sue = people.user(roles.SUPERVISOR)
    own = make_queue(team=people.team(supervisors=[sue]), ring_seconds=20)
    foreign = make_queue(team=people.team())
    ann = people.agent("Ann")
    client.force_login(sue)

    page = client.get(one(own))
    data = filled(page, ring_seconds=99)
    data |= {"memberships-TOTAL_FORMS": 1, "memberships-0-agent": str(ann.pk), "memberships-0-priority": 1}
    answer = client.post(one(own), data)

    own.refresh_from_db()
    assert answer.status_code == 302
    assert own.ring_seconds == 20
    assert Membership.objects.get().agent == ann
    assert 'name="ring_seconds"' not in page.content.decode()
    assert client.post(one(foreign), data).status_code == 403


def test_who_may_see_queues_but_no_agents_is_not_told_who_is_there(client):
    queue = make_queue()
    member(queue, "Ann", at=timezone.now())
    client.force_login(people.user(roles.FLOW_EDITOR))

    assert "Ann" not in text(client.get(one(queue)))


def test_the_list_takes_the_same_queries_however_many_queues(administrator):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            text(administrator.get(LIST))
        return len(seen)

    member(make_queue("First"))
    before = queries()
    for _ in range(3):
        make_entry(make_queue(team=people.team()))

    assert queries() <= before
    assert "waiting now" in text(administrator.get(LIST)).lower()


def test_a_disposition_has_a_page(administrator):
    administrator.post(reverse("admin:queues_disposition_add"), {"name": "Sold", "is_active": "on"})

    assert Disposition.objects.get().name == "Sold"
