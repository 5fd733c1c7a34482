"""What is recorded here: on the pages of queues, lines and flows, for those who may see policies."""

import re

import pytest
from django.urls import reverse

from agents import roles
from compliance.states import Subject
from tests.agents.factories import user
from tests.compliance.rows import policy
from tests.ivr.rows import line, publish, simple_flow
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client):
    client.force_login(user(roles.ADMINISTRATOR))

    def see(thing):
        label = f"{thing._meta.app_label}_{thing._meta.model_name}"
        view = "settings" if label == "ivr_flow" else "change"
        page = client.get(reverse(f"admin:{label}_{view}", args=[thing.pk])).content.decode()
        found = re.search(r'<div class="cc-recorded">(.*?)</div>', page, re.DOTALL)
        return re.sub(r"<[^>]+>|\s+", " ", found.group(1)) if found else ""

    return see


def names(text):
    return re.findall(r"(?:All|Sales|Number|Lines|Other|Inbound|Messages)(?= :)", text)


def test_a_queue_tells_what_may_count_for_its_callers(look):
    sales = make_queue("Sales")
    policy("All")
    policy("Sales", queue=sales)
    policy("Number", number="+15005550100", queue=sales)
    policy("Other", queue=make_queue("Support"))
    policy("Lines", subject=Subject.AGENT, direction="inbound")

    told = look(sales)

    assert names(told) == ["Number", "Sales", "Lines"]
    assert "the first that fits a call counts" in told


def test_a_queue_of_which_nothing_is_recorded_says_so(look):
    policy("Other", queue=make_queue("Support"))
    policy("All", is_active=False)

    assert "no policy covers it" in look(make_queue("Sales"))


def test_lines_and_flows_tell_what_counts_before_a_queue(look):
    flow = publish(simple_flow())
    row = line("Main", "+15005550100", flow)
    policy("All")
    policy("Sales", queue=make_queue())
    policy("Number", number="+15005550100")
    policy("Other", number="+15005550199")
    policy("Messages", subject=Subject.VOICEMAIL, flow=flow)

    assert names(look(row)) == ["Number", "Messages"]
    assert names(look(flow)) == ["Other", "Number", "All", "Messages"]


def test_who_may_not_see_policies_is_told_nothing(client, look):
    queue = make_queue()
    policy("All")
    assert names(look(queue)) == ["All"]
    client.force_login(user(roles.FLOW_EDITOR))

    assert look(queue) == ""
