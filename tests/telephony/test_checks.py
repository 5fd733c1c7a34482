import pytest

from telephony import checks

SOUND = {
    "PUBLIC_BASE_URL": "https://contact.example.com",
    "SECRET_KEY": "k" * 50,
    "CELERY_BROKER_URL": "redis://127.0.0.1/0",
    "TWILIO_API_BASE_URL": "",
    "TWILIO_API_KEY": "SK" + "0" * 32,
    "TWILIO_API_SECRET": "s",
    "DEBUG": False,
}
ALL = (checks.public_base_url, checks.credentials, checks.reaching_twilio, checks.place)


@pytest.fixture
def found(settings):
    """Give the ids of what is found in sound settings with some changes."""

    def look(**changes):
        for name, value in (SOUND | changes).items():
            setattr(settings, name, value)
        messages = [message for check in ALL for message in check()]
        assert all(message.hint for message in messages)
        return {message.id for message in messages}

    return look


def test_sound_settings_are_not_complained_about(found):
    assert found() == set()


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({"PUBLIC_BASE_URL": ""}, {"telephony.E001"}),
        ({"PUBLIC_BASE_URL": "contact.example.com"}, {"telephony.E001"}),
        ({"PUBLIC_BASE_URL": "https://contact.example .com"}, {"telephony.E001"}),
        ({"PUBLIC_BASE_URL": "http://contact.example.com"}, {"telephony.E002"}),
        ({"PUBLIC_BASE_URL": "http://127.0.0.1:8000"}, set()),
        ({"PUBLIC_BASE_URL": "https://my_host.example.com", "ALLOWED_HOSTS": ["*"]}, {"telephony.E003"}),
        ({"PUBLIC_BASE_URL": "https://contact.example.com/app"}, {"telephony.E004"}),
        ({"PUBLIC_BASE_URL": "https://contact.example.com?x=1"}, {"telephony.E004"}),
        ({"PUBLIC_BASE_URL": "https://u:p@contact.example.com"}, {"telephony.E004"}),
        ({"PUBLIC_BASE_URL": "https://other.example.com"}, {"telephony.E005"}),
        ({"DEBUG": True}, {"telephony.W006"}),
        ({"DEBUG": True, "PUBLIC_BASE_URL": "http://127.0.0.1:8000"}, set()),
        ({"TWILIO_ACCOUNT_SID": ""}, {"telephony.W010"}),
        ({"TWILIO_ACCOUNT_SID": "SK" + "0" * 32}, {"telephony.E011"}),
        ({"TWILIO_AUTH_TOKEN": ""}, {"telephony.E012"}),
        ({"TWILIO_AUTH_TOKEN": "", "TWILIO_WEBHOOK_KEYS": {"k": "s"}}, set()),
        ({"TWILIO_API_SECRET": ""}, {"telephony.E013"}),
        ({"TWILIO_API_KEY": ""}, {"telephony.E013"}),
        ({"TWILIO_API_KEY": "", "TWILIO_API_SECRET": ""}, {"telephony.W014"}),
        ({"TWILIO_API_KEY": "AC" + "0" * 32}, {"telephony.E015"}),
        ({"TWILIO_TOKEN_MINUTES": 4}, {"telephony.E016"}),
        ({"TWILIO_TOKEN_MINUTES": 16}, {"telephony.E016"}),
        ({"TWILIO_EDGE": "dublin"}, {"telephony.E020"}),
        ({"TWILIO_REGION": "ie1"}, {"telephony.E020"}),
        ({"TWILIO_EDGE": "dublin", "TWILIO_REGION": "ie1"}, set()),
        ({"TWILIO_API_BASE_URL": "http://api.example.com"}, {"telephony.W021"}),
        ({"TWILIO_API_BASE_URL": "http://127.0.0.1:8001"}, set()),
        ({"TWILIO_CALLS_PER_SECOND": 0.0}, {"telephony.E022"}),
        ({"TWILIO_CONCURRENCY": 0}, {"telephony.E022"}),
        ({"SECRET_KEY": "short"}, {"telephony.W030"}),
        ({"CELERY_BROKER_URL": "amqp://127.0.0.1"}, {"telephony.E031"}),
        ({"CELERY_BROKER_URL": "redis+socket:///tmp/broker.sock"}, set()),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, {"telephony.E032"}),
    ],
)
@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_an_unsafe_setting_is_found(found, changes, ids):
    assert found(**changes) == ids
