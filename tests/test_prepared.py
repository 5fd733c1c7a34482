from pathlib import Path

from tests.prepared import fingerprint


def test_another_text_of_a_migration_is_another_database(monkeypatch):
    before, read = fingerprint(), Path.read_bytes

    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + (b"#" if "0001" in path.name else b""))

    assert fingerprint() != before
    monkeypatch.undo()
    assert fingerprint() == before
