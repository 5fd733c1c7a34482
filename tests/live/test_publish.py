"""Publishing, as somebody else who listens hears it."""

import psycopg
import pytest
from django.db import transaction

from live.publish import publish
from tests.live.serving import dsn
from tests.patience import PATIENCE


@pytest.mark.django_db(transaction=True)
def test_topics_are_told_at_the_commit_folded_and_never_after_a_rollback():
    with psycopg.connect(dsn(), autocommit=True) as other:
        other.execute("LISTEN live")
        with transaction.atomic():
            publish("agent:never")
            transaction.set_rollback(True)
        with transaction.atomic():
            publish("agent:1", "queues")
            publish("agent:1")
            early = list(other.notifies(timeout=0))

        heard = [notice.payload for notice in other.notifies(timeout=PATIENCE, stop_after=2)]

    assert early == []
    assert sorted(heard) == ["agent:1", "queues"]
