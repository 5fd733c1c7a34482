from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client

from contactcenter import health
from tests.scenarios.outage import broker_at, database_at, nobody_listens


def test_the_process_says_that_it_answers_without_asking_anything(client: Client) -> None:
    response = client.get("/healthz")  # no database is allowed here

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_all_that_is_needed_is_there(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok", "storage": "ok"}


@pytest.mark.django_db
def test_without_a_database_it_is_not_ready(client: Client) -> None:
    with nobody_listens() as port, database_at(port):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": "failed", "broker": "ok", "storage": "ok"}
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_without_a_broker_it_is_not_ready(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with nobody_listens() as port, broker_at(port):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["broker"] == "failed"
    assert "not ready: broker" in caplog.text


@pytest.mark.django_db
def test_without_a_folder_to_write_in_it_is_not_ready(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file is no folder")
    monkeypatch.setattr(health, "default_storage", FileSystemStorage(location=in_the_way))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["storage"] == "failed"


@pytest.mark.django_db
def test_a_bucket_is_asked_for_a_name(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Bucket:
        def exists(self, name: str) -> Any:
            asked.append(name)
            raise PermissionError

    monkeypatch.setattr(health, "default_storage", Bucket())

    assert client.get("/readyz").json()["storage"] == "failed"
    assert asked == ["health"]
