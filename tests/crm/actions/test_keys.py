from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.actions import keys
from tests.agents.factories import AT, user
from tests.crm.asking import make_key

pytestmark = pytest.mark.django_db


def test_a_key_is_kept_by_its_hash_alone_and_known_by_its_beginning():
    key, token = keys.make(user(), name="CRM", scopes=["calls:write", "calls:read", "calls:read"], at=AT)

    key.refresh_from_db()
    assert token.startswith("cc_")
    assert len(token) >= 46  # 256 bits
    assert key.beginning == token[:11]
    assert key.sha256 == keys.digest(token)
    assert key.scopes == ["calls:read", "calls:write"]
    assert token not in str([str(getattr(key, field.attname)) for field in key._meta.concrete_fields])


def test_a_key_is_taken_back_once():
    key, _ = make_key()

    assert keys.revoke(key, at=AT)
    assert not keys.revoke(key, at=AT + timedelta(hours=1))
    key.refresh_from_db()
    assert key.revoked_at == AT


def test_use_is_noted_once_a_minute():
    key, _ = make_key()
    keys.note_use(key, at=AT)
    key.refresh_from_db()

    with CaptureQueriesContext(connection) as asked:
        keys.note_use(key, at=AT + timedelta(seconds=59))
    keys.note_use(key, at=AT + timedelta(seconds=60))

    key.refresh_from_db()
    assert len(asked) == 0
    assert key.last_used_at == AT + timedelta(seconds=60)
