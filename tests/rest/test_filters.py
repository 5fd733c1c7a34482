import pytest

from calls.models import Call
from rest.fields import MomentFilter
from rest.filters import Filters
from tests.crm.asking import asking


def test_filters_made_from_a_model_ask_for_the_zone_of_moments():
    class Ended(Filters):
        class Meta:
            model = Call
            fields = {"ended_at": ["gte"]}

    assert isinstance(Ended.base_filters["ended_at__gte"], MomentFilter)


@pytest.mark.django_db
def test_a_filter_that_cannot_be_read_is_told_by_its_name():
    seer = asking("calls:read", permissions=("calls.view_call",))

    answer = seer.get("/calls", {"status": "asleep", "started_from": "yesterday"})

    assert answer.status_code == 400
    told = {fault["field"]: fault["message"] for fault in answer.json()["errors"]}
    assert told.keys() == {"status", "started_from"}
    assert told["status"].startswith("Give one of: ")
    assert "no-answer" in told["status"]


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["0", "-1", "1.5", "x", "99999999999999999999", "NaN"])
def test_an_id_that_no_row_can_have_is_refused(written):
    seer = asking("agents:read", permissions=("agents.view_agent",))

    answer = seer.get("/agents", {"team": written})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "team")
