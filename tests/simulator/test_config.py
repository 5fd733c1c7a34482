import json

import pytest

from simulator import config
from simulator.config import Config, ConfigError, NumberSettings, PhoneSettings
from simulator.numbers import Habit
from tests.simulator.world import world


def test_a_configuration_names_numbers_and_phones():
    text = json.dumps(
        {
            "numbers": [{"number": "+15005550100", "friendly_name": "Main", "voice_url": "http://127.0.0.1:1/voice"}],
            "phones": [
                {"address": "client:ann", "name": "Ann", "habit": {"answers": "answers", "after": 3}},
                {"address": "+14155550100", "habit": "ignores"},
            ],
        }
    )

    assert config.parse(text) == Config(
        (NumberSettings("+15005550100", "Main", "http://127.0.0.1:1/voice"),),
        (
            PhoneSettings("client:ann", "Ann", Habit("answers", 3)),
            PhoneSettings("+14155550100", "", Habit("ignores")),
        ),
    )


def test_a_configuration_names_where_texts_go_and_services():
    text = json.dumps(
        {
            "numbers": [{"number": "+15005550100", "sms_url": "http://127.0.0.1:1/text"}],
            "phones": [
                {"address": "+14155550133", "texts": "landline", "habit": {"answers": "answers", "by": "machine"}}
            ],
            "services": [
                {
                    "sid": "MG" + "1" * 32,
                    "name": "Desk",
                    "numbers": ["+15005550100"],
                    "inbound_url": "http://127.0.0.1:1/service",
                    "advanced_opt_out": True,
                    "stop": ["arret"],
                }
            ],
        }
    )

    read = config.parse(text)

    assert read.numbers[0].sms_url == "http://127.0.0.1:1/text"
    assert (read.phones[0].texts, read.phones[0].habit.by) == ("landline", "machine")
    (service,) = read.services
    assert (service.numbers, service.advanced_opt_out) == (("+15005550100",), True)
    assert [service.keywords.read(body) for body in ("Arret", "stop", "START")] == ["STOP", "", "START"]
    sim = world().sim
    read.furnish(sim)
    sim.text("+14155550111", "+15005550100", "arret")
    assert sim.messages[0].service_sid == service.sid


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"lines": []}',
        '{"numbers": {}}',
        '{"numbers": [{"number": "+15005550100", "url": "x"}]}',
        '{"numbers": [{"number": "+15005550100", "voice_url": 1}]}',
        '{"phones": [{"name": "Ann"}]}',
        '{"phones": ["client:ann"]}',
        '{"phones": [{"address": "client:ann", "habit": {"answers": "asks", "after": -1}}]}',
        '{"phones": [{"address": "client:ann", "habit": {"answers": "answers", "by": "parrot"}}]}',
        '{"phones": [{"address": "client:ann", "habit": {"answers": "answers", "beeps": 1}}]}',
        '{"phones": [{"address": "client:ann", "texts": "sometimes"}]}',
        '{"services": ["MG1"]}',
        '{"services": [{"sid": "1", "numbers": []}]}',
        '{"services": [{"sid": "MG1", "numbers": [1]}]}',
        '{"services": [{"sid": "MG1", "numbers": "+15005550100"}]}',
        '{"services": [{"sid": "MG1", "advanced_opt_out": "yes"}]}',
    ],
)
def test_a_configuration_that_is_not_understood_is_refused(text):
    with pytest.raises(ConfigError):
        config.parse(text)


def test_options_add_to_the_configuration():
    base = Config((NumberSettings("+15005550100", "Main"),))

    whole = config.with_options(
        base,
        numbers=["+15005550100=http://127.0.0.1:1/voice?a=b"],
        fallbacks=["+15005550100=http://127.0.0.1:1/fallback"],
        callbacks=["+15005550101=http://127.0.0.1:1/status"],
        phones=["client:ann=Ann,answers,4", "+14155550100=Caller"],
        texts=["+15005550101=http://127.0.0.1:1/text"],
    )

    assert whole.numbers == (
        NumberSettings("+15005550100", "Main", "http://127.0.0.1:1/voice?a=b", "http://127.0.0.1:1/fallback"),
        NumberSettings("+15005550101", status_callback="http://127.0.0.1:1/status", sms_url="http://127.0.0.1:1/text"),
    )
    assert whole.phones == (
        PhoneSettings("client:ann", "Ann", Habit("answers", 4)),
        PhoneSettings("+14155550100", "Caller"),
    )


def test_faults_are_given_by_name():
    wanted = config.faults(["drop=0.2", "rest_500=1"])

    assert (wanted.drop, wanted.rest_500, wanted.delay) == (0.2, 1.0, 0.0)


def test_the_api_key_and_the_origin_of_browser_phones_are_read():
    read = config.parse('{"api_key": "SK1", "api_secret": "s", "allowed_origin": "https://Contact.example.com/desk/"}')

    assert read.api_keys == {"SK1": "s"}
    assert read.allowed_origin == "https://contact.example.com"
    assert config.parse("{}").api_keys == {}
    assert config.with_options(read, numbers=[], fallbacks=[], callbacks=[], phones=[]).api_keys == {"SK1": "s"}


@pytest.mark.parametrize("text", ['{"allowed_origin": "contact.example.com"}', '{"api_key": 7}', '{"api_keys": {}}'])
def test_what_is_no_key_or_origin_is_refused(text):
    with pytest.raises(ConfigError):
        config.parse(text)
