"""The schema of the API: valid, without a warning, and kept for those who have written clients for it."""

import pytest
from django.core.management import CommandError, call_command
from drf_spectacular.validation import validate_schema

from contactcenter import schema
from rest.compatibility import breaks


@pytest.fixture(scope="module")
def present():
    return schema.present()


def test_the_schema_is_valid_and_comes_without_a_warning(present):
    validate_schema(present)

    assert schema.warnings() == []


def test_no_client_of_the_released_schema_breaks(present):
    """If this is meant: it is a new version of the API. Before the first release, `manage.py api_schema --release`."""
    assert breaks(schema.released(), present) == []


def test_the_command_prints_checks_and_releases(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(schema, "RELEASED", tmp_path / "api" / "openapi.yaml")

    call_command("api_schema")
    assert capsys.readouterr().out.startswith("openapi: 3.0.3")
    call_command("api_schema", "--release")
    call_command("api_schema", "--check")

    assert "goes on as before" in capsys.readouterr().out


def test_the_command_names_what_would_break(monkeypatch, tmp_path):
    older = tmp_path / "openapi.yaml"
    older.write_text("paths: {/api/v1/gone: {get: {operationId: gone_list}}}")
    monkeypatch.setattr(schema, "RELEASED", older)

    with pytest.raises(CommandError, match="GET /api/v1/gone is gone"):
        call_command("api_schema", "--check")
