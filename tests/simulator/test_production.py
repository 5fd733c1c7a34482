import pytest

from simulator.production import SIMULATED_ACCOUNT, looks_real, refusal

REAL_LOOKING = "AC" + "0123456789abcdef" * 2
LOCAL_API = {"TWILIO_API_BASE_URL": "http://127.0.0.1:8001"}


@pytest.mark.parametrize(
    "environment",
    [
        {"DEBUG": "false"},
        {"DEBUG": "0"},
        {"DEBUG": ""},
        {"PUBLIC_BASE_URL": "https://contact.example.com"},
        {"PUBLIC_BASE_URL": "http://contact.example.com"},
        {"PUBLIC_BASE_URL": "https://8.8.8.8"},
        {"PUBLIC_BASE_URL": "contact.example.com"},
        {"TWILIO_ACCOUNT_SID": REAL_LOOKING},
        {"TWILIO_ACCOUNT_SID": REAL_LOOKING, "TWILIO_API_BASE_URL": "https://api.twilio.com"},
        {"DEBUG": "false"} | LOCAL_API,
    ],
)
def test_where_production_might_be_there_is_a_reason_to_refuse(environment):
    assert refusal(environment).endswith(".")


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DEBUG": "true", "PUBLIC_BASE_URL": "http://127.0.0.1:8000"},
        {"PUBLIC_BASE_URL": "http://localhost:8000", "TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT},
        {"PUBLIC_BASE_URL": "http://web:8000"},
        {"PUBLIC_BASE_URL": "http://10.0.0.7:8000"},
        {"TWILIO_ACCOUNT_SID": REAL_LOOKING} | LOCAL_API,
    ],
)
def test_a_development_machine_is_no_production(environment):
    assert refusal(environment) == ""


def test_only_sids_that_twilio_could_have_given_look_real():
    assert looks_real(REAL_LOOKING)
    assert not looks_real(SIMULATED_ACCOUNT)
    assert not looks_real("ACsimulator")
