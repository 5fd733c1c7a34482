"""What migrations promise beyond the tables."""

from importlib import import_module

import pytest
from django.db import IntegrityError, transaction
from django.db.migrations import DeleteModel, RemoveField, RenameField, RunPython

from ivr.models import Line, Version
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", [{"document": {}}, {"number": 7}], ids=["document", "number"])
def test_the_database_refuses_to_change_a_version(change):
    version = rows.publish(rows.simple_flow()).published

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(**change)

    assert Version.objects.get(pk=version.pk).document == version.document


def test_the_database_refuses_to_move_a_version_to_another_flow():
    version = rows.publish(rows.simple_flow()).published

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(flow=rows.flow("Other"))


def test_the_database_refuses_to_delete_a_version():
    version = rows.publish(rows.simple_flow()).published

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Version.objects.filter(pk=version.pk)._raw_delete("default")

    assert Version.objects.filter(pk=version.pk).exists()


def test_the_note_of_a_version_may_be_corrected():
    version = rows.publish(rows.simple_flow()).published

    version.note = "What really changed"
    version.save()

    assert Version.objects.get(pk=version.pk).note == "What really changed"


def test_there_is_a_line_for_every_address_that_has_none():
    line = Line.objects.get(address="*")

    assert line.emergency_text
    assert line.flow is None


def test_hours_that_were_written_before_there_were_layers_are_kept():
    layers = import_module("ivr.migrations.0014_layers_of_hours").Migration

    taken = [
        operation
        for operation in layers.operations
        if isinstance(operation, RemoveField | DeleteModel | RenameField | RunPython)
    ]

    assert taken == []
