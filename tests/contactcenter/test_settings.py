"""The one settings file, read anew with an environment of its own each time."""

import logging.config
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from environ import FileAwareEnv
from environ.fileaware_mapping import FileAwareMapping

ROOT = Path(__file__).parent.parent.parent
SETTINGS = ROOT / "contactcenter" / "settings.py"
REQUIRED = {
    "SECRET_KEY": "a long secret",
    "DATABASE_URL": "postgres://ann:secret@db.example:6432/desk",
    "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
    "PUBLIC_BASE_URL": "https://contact.example.com/",
}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Read the settings as a machine would on which nothing else is set."""

    def with_environment(**variables: str | None) -> dict[str, Any]:
        for name in names_in_settings():
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(f"{name}_FILE", raising=False)
        for name, value in (REQUIRED | variables).items():
            if value is not None:
                monkeypatch.setenv(name, value)
        monkeypatch.setattr(FileAwareEnv, "read_env", lambda *_args, **_more: None)  # this machine's own .env
        monkeypatch.setattr(FileAwareEnv, "ENVIRON", FileAwareMapping())  # it remembers files that it has read
        return runpy.run_path(str(SETTINGS))

    return with_environment


def names_in_settings() -> set[str]:
    return set(re.findall(r"""env(?:\.\w+)?\(\s*"([A-Z_]+)\"""", SETTINGS.read_text()))


def test_the_settings_of_production_are_the_defaults(read: Any) -> None:
    found = read()

    assert found["DEBUG"] is False
    assert found["PUBLIC_BASE_URL"] == "https://contact.example.com"
    assert (found["SESSION_COOKIE_SECURE"], found["CSRF_COOKIE_SECURE"]) == (True, True)
    assert found["SECURE_PROXY_SSL_HEADER"] is None
    assert found["APPEND_SLASH"] is False
    assert found["LOGGING"]["handlers"]["console"]["formatter"] == "json"


@pytest.mark.parametrize("name", REQUIRED)
def test_what_nobody_can_guess_has_no_default(read: Any, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: None})


@pytest.mark.parametrize("name", ["SECRET_KEY", "TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET"])
def test_a_secret_may_come_from_a_file(read: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("from the file\n")

    found = read(**{name: None, f"{name}_FILE": str(tmp_path / "secret")})

    assert found[name].strip() == "from the file"


def test_workers_keep_one_connection_and_web_processes_a_pool(read: Any) -> None:
    database = read()["DATABASES"]["default"]
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 6432, "desk")
    assert (database["CONN_MAX_AGE"], "pool" in database["OPTIONS"]) == (600, False)

    database = read(DATABASE_POOL_SIZE="4")["DATABASES"]["default"]
    assert (database["CONN_MAX_AGE"], database["OPTIONS"]["pool"]["max_size"]) == (0, 4)
    assert database["OPTIONS"]["pool"]["timeout"] < 1


def test_tasks_come_back_soon_after_a_worker_is_killed(read: Any) -> None:
    found = read()

    assert found["CELERY_TASK_ACKS_LATE"]
    assert found["CELERY_TASK_REJECT_ON_WORKER_LOST"]
    assert found["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"] <= 60
    assert all(entry["schedule"] >= 5 for entry in found["CELERY_BEAT_SCHEDULE"].values())


def test_sweeps_do_not_pile_up_while_no_worker_runs(read: Any) -> None:
    for entry in read()["CELERY_BEAT_SCHEDULE"].values():
        assert entry["options"]["expires"] <= entry["schedule"]


def test_a_webhook_does_not_wait_for_a_broker_that_is_away(read: Any) -> None:
    options = read()["CELERY_BROKER_TRANSPORT_OPTIONS"]

    assert (options["max_retries"], options["interval_start"]) == (1, 0)  # a wait would hold the page's thread


def test_a_folder_is_the_storage_unless_a_bucket_is_named(read: Any) -> None:
    assert read()["STORAGES"]["default"]["BACKEND"] == "recordings.storage.Folder"

    bucket = read(RECORDINGS_BUCKET="desk", RECORDINGS_ENDPOINT_URL="https://s3.example")["STORAGES"]["default"]
    assert bucket["OPTIONS"]["bucket_name"] == "desk"
    assert bucket["OPTIONS"]["endpoint_url"] == "https://s3.example"
    assert bucket["OPTIONS"]["object_parameters"] == {}


def test_the_buckets_key_service_is_told_its_key(read: Any) -> None:
    bucket = read(RECORDINGS_BUCKET="desk", RECORDINGS_KMS_KEY="key")["STORAGES"]["default"]

    assert bucket["OPTIONS"]["object_parameters"] == {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "key"}


def test_mail_goes_where_its_address_says(read: Any) -> None:
    found = read(EMAIL_URL="smtp+tls://ann:secret@mail.example:587")

    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert found["EMAIL_TIMEOUT"] <= 30


@pytest.mark.parametrize("form", ["json", "line"])
def test_the_logging_can_be_set_up(read: Any, form: str) -> None:
    found = read(LOG_FORMAT=form)["LOGGING"]

    assert found["handlers"]["console"]["formatter"] == form
    logging.config.dictConfigClass(found).configure_formatter(found["formatters"][form])


def test_every_name_is_told_in_the_example_with_a_sentence() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    told = {name: lines[at - 1] for at, line in enumerate(lines) if (name := _named(line))}

    assert len(names_in_settings()) > 30
    assert names_in_settings() - told.keys() == set()
    assert [name for name, above in told.items() if not above.startswith(("# ", "#")) and name in REQUIRED] == []


def _named(line: str) -> str:
    found = re.match(r"#?([A-Z_]+)=", line)
    return found.group(1) if found else ""


def test_the_names_of_the_specification_are_all_there() -> None:
    names = """SECRET_KEY DEBUG ALLOWED_HOSTS DATABASE_URL CELERY_BROKER_URL PUBLIC_BASE_URL TWILIO_ACCOUNT_SID
        TWILIO_AUTH_TOKEN TWILIO_AUTH_TOKEN_SECONDARY TWILIO_API_KEY TWILIO_API_SECRET TWILIO_API_BASE_URL TWILIO_EDGE
        TWILIO_REGION TWILIO_CALLER_ID RECORDINGS_BUCKET TRANSCRIPTION_PROVIDER EMAIL_URL LOG_LEVEL PORT
        TWILIO_CALLS_PER_SECOND"""

    assert set(names.split()) <= names_in_settings()
