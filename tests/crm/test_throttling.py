import re

import pytest

from crm.throttling import counted
from tests.crm.asking import Asking

pytestmark = pytest.mark.django_db


def test_a_key_is_told_how_many_requests_are_left_and_then_refused():
    somebody, another = Asking("calls:read", requests_per_minute=2), Asking("calls:read", requests_per_minute=2)

    answers = [somebody.get("/calls") for _ in range(4)]

    statuses = [answer.status_code for answer in answers]
    assert statuses[:2] == [200, 200]
    assert 429 in statuses  # the minute of the clock may have ended between two of them
    assert answers[0]["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert re.fullmatch(r'"minute";r=[01];t=\d+', answers[0]["RateLimit"])
    refused = answers[statuses.index(429)]
    assert refused.json()["type"].endswith("/too-many-requests")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit"].startswith('"minute";r=0;')
    assert another.get("/calls").status_code == 200


def test_without_a_limit_of_its_own_a_key_has_that_of_all(settings):
    settings.API_REQUESTS_PER_MINUTE = 77

    assert Asking("calls:read").get("/calls")["RateLimit-Policy"] == '"minute";q=77;w=60'


@pytest.mark.parametrize("url", ["memory://", "redis://127.0.0.1:1/0", "redis+socket:///nowhere/at/all.sock"])
def test_where_nobody_counts_every_request_goes_through(settings, url):
    settings.CELERY_BROKER_URL = url

    answer = Asking("calls:read", requests_per_minute=1).get("/calls")

    assert counted("somebody") is None
    assert answer.status_code == 200
    assert "RateLimit" not in answer
