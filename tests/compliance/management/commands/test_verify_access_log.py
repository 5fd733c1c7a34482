import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from compliance.models import AccessEntry
from tests.compliance.factories import log, tamper

pytestmark = pytest.mark.django_db


def verify(*arguments: str) -> str:
    out = io.StringIO()
    call_command("verify_access_log", *arguments, stdout=out)
    return out.getvalue()


def export(folder: Path) -> Path:
    path = folder / "log.jsonl"
    call_command("export_access_log", str(path), stdout=io.StringIO())
    return path


def test_a_whole_log_is_told_with_its_last_hash() -> None:
    log(1)
    last = log(2).hash

    assert verify() == f"The log is whole: 2 entries, the last hash is {last}\n"


def test_the_first_entry_that_does_not_hold_is_named() -> None:
    log(1)
    changed = log(2)
    log(3)
    tamper("UPDATE compliance_accessentry SET who = 'somebody' WHERE id = %s", changed.pk)

    with pytest.raises(CommandError, match=f"Entry {changed.pk}, number 2 in the log, was changed") as refusal:
        verify()
    assert refusal.value.returncode == 1


def test_a_log_that_grew_since_an_export_holds(tmp_path: Path) -> None:
    log(1)
    path = export(tmp_path)
    log(2)

    assert "3 entries" in verify("--since-export", str(path))


def test_a_log_that_was_cut_off_since_an_export_does_not_hold(tmp_path: Path) -> None:
    log(1)
    log(2)
    path = export(tmp_path)
    tamper("DELETE FROM compliance_accessentry WHERE id > %s", AccessEntry.objects.earliest("id").pk)

    assert "1 entries" in verify()
    with pytest.raises(CommandError, match="cut off: the export has 3 entries, the log 1"):
        verify("--since-export", str(path))


def test_a_log_that_was_written_anew_since_an_export_does_not_hold(tmp_path: Path) -> None:
    log(1)
    path = export(tmp_path)
    tamper("DELETE FROM compliance_accessentry")
    log(7)
    log(8)

    with pytest.raises(CommandError, match="written anew"):
        verify("--since-export", str(path))


@pytest.mark.parametrize("text", [None, "", "rubbish\n", "\0\n"])
def test_what_is_no_export_is_refused(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "log.jsonl"
    if text is not None:
        path.write_text(text)

    with pytest.raises(CommandError, match="cannot be used"):
        verify("--since-export", str(path))
