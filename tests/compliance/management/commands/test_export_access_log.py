import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from compliance.models import AccessEntry
from tests.compliance.factories import log

pytestmark = pytest.mark.django_db


def test_the_log_is_written_with_its_rule_and_how_it_ends(tmp_path: Path) -> None:
    log(1)
    path = tmp_path / "log.jsonl"

    call_command("export_access_log", str(path), stdout=io.StringIO())

    rule, first, own, end = [json.loads(line) for line in path.read_text().splitlines()]
    assert "SHA-256" in rule["rule"]
    assert json.loads(first["entry"])["who"] == "person 1"
    assert json.loads(own["entry"])["who"] == "command line"
    assert end == {"entries": 2, "last": own["hash"]}
    assert path.stat().st_mode & 0o077 == 0


def test_an_export_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("evidence")

    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_access_log", str(path))

    assert path.read_text() == "evidence"
    assert not AccessEntry.objects.exists()
