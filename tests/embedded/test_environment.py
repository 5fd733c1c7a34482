"""What is run here and with which settings."""

import re

import pytest

from embedded import environment
from embedded.place import Place
from embedded.trouble import Trouble
from recordings import vault

URLS = {"DATABASE_URL": "postgres://ours", "CELERY_BROKER_URL": "redis+socket://ours"}


def filled(variables, tmp_path):
    return environment.filled(variables, environment.choose(variables), Place(tmp_path), URLS)


def test_with_nothing_set_everything_is_ours(tmp_path):
    choice = environment.choose({})
    variables = filled({}, tmp_path)

    assert (choice.postgres, choice.valkey, choice.simulator) == (True, True, True)
    assert variables["DATABASE_URL"] == "postgres://ours"
    assert variables["PUBLIC_BASE_URL"] == "http://127.0.0.1:8000"
    assert variables["TWILIO_API_BASE_URL"] == "http://127.0.0.1:8001"
    assert variables["DEBUG"] == "true"
    assert variables["SECRET_KEY"] == filled({}, tmp_path)["SECRET_KEY"]


def test_browser_phones_have_a_key_of_the_form_of_twilios_that_is_kept(tmp_path):
    first, second = filled({}, tmp_path), filled({}, tmp_path)

    assert re.fullmatch("SK[0-9a-f]{32}", first["TWILIO_API_KEY"])
    assert len(first["TWILIO_API_SECRET"]) == 32
    assert first["TWILIO_API_KEY"] == second["TWILIO_API_KEY"]
    assert first["TWILIO_API_SECRET"] == second["TWILIO_API_SECRET"]
    assert first["TWILIO_API_SECRET"] not in first["TWILIO_API_KEY"]


def test_recordings_are_sealed_by_a_key_that_is_kept(tmp_path):
    first, second = filled({}, tmp_path)["RECORDINGS_KEYS"], filled({}, tmp_path)["RECORDINGS_KEYS"]

    assert first == second
    assert [len(key) for key in vault.parse(first).values()] == [32]
    assert filled({"RECORDINGS_KEYS": "theirs"}, tmp_path)["RECORDINGS_KEYS"] == "theirs"


@pytest.mark.parametrize("name", ["TWILIO_ACCOUNT_SID", "TWILIO_ACCOUNT_SID_FILE"])
def test_with_an_account_the_simulator_stays_away(name, tmp_path):
    given = {name: "AC0123"}

    variables = filled(given, tmp_path)

    assert not environment.choose(given).simulator
    assert variables[name] == "AC0123"
    assert not {"TWILIO_API_BASE_URL", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "SIMULATOR_URL"} & variables.keys()


def test_what_is_given_is_kept_and_what_is_empty_is_filled(tmp_path):
    variables = filled({"DATABASE_URL": "postgres://theirs", "CELERY_BROKER_URL": "", "DEBUG": "false"}, tmp_path)

    assert variables["DATABASE_URL"] == "postgres://theirs"
    assert variables["CELERY_BROKER_URL"] == "redis+socket://ours"
    assert variables["DEBUG"] == "false"


def test_a_public_address_is_allowed_as_host_and_shows_no_tracebacks(tmp_path):
    variables = filled({"PUBLIC_BASE_URL": "https://desk.example.com"}, tmp_path)

    assert variables["DEBUG"] == "false"
    assert variables["ALLOWED_HOSTS"] == "127.0.0.1,localhost,desk.example.com"


def test_the_simulator_takes_the_next_port_unless_told_otherwise():
    assert environment.choose({"PORT": "9000"}).simulator_port == 9001
    assert environment.choose({"PORT": "9000", "SIMULATOR_PORT": "7"}).simulator_port == 7


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1", "80 "])
def test_a_port_that_is_none_is_told_in_one_sentence(port):
    with pytest.raises(Trouble, match="PORT is"):
        environment.choose({"PORT": port})


@pytest.mark.parametrize(
    ("package", "variables", "provider"),
    [
        ("json", {}, "embedded"),
        ("json", {"TRANSCRIPTION_PROVIDER": "deepgram"}, "deepgram"),
        ("json", {"TRANSCRIPTION_PROVIDER": ""}, ""),
        ("a_package_that_nobody_has", {}, None),
    ],
)
def test_speech_becomes_text_here_where_that_is_installed_and_nothing_else_is_said(
    package, variables, provider, monkeypatch, tmp_path
):
    monkeypatch.setattr(environment, "SPEECH", package)

    assert filled(variables, tmp_path).get("TRANSCRIPTION_PROVIDER") == provider
