"""Tables are as migrations left them after a test that commits, whatever it did."""

import pytest
from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection

from calls.models import Call, CallEvent, EventKind
from tests.calls.factories import make_call, make_event


@pytest.mark.django_db(transaction=True)
def test_what_was_written_goes_and_what_was_changed_or_deleted_is_back() -> None:
    groups = set(Group.objects.values_list("pk", "name"))
    permissions = list(Group.permissions.through.objects.order_by("pk").values())
    make_event(make_call(), EventKind.PRESSED)
    changed, gone = Group.objects.order_by("pk")[:2]
    Group.objects.filter(pk=changed.pk).update(name="Others")
    gone.delete()
    Group.objects.create(name="New")

    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), []))

    assert set(Group.objects.values_list("pk", "name")) == groups
    assert list(Group.permissions.through.objects.order_by("pk").values()) == permissions
    assert not Call.objects.exists()
    assert not CallEvent.objects.exists()
