"""Settings of the test suite: the real ones, changed only in what makes tests fast and independent of the machine."""

import os
import tempfile
from pathlib import Path

_defaults = {
    "SECRET_KEY": "not a secret: tests only",
    "DATABASE_URL": "postgres://postgres@127.0.0.1:5432/contactcenter",
    "CELERY_BROKER_URL": "memory://",
    "DATA_DIR": str(Path(tempfile.gettempdir()) / f"contactcenter-tests-{os.getpid()}"),
}
_fixed = {
    "DEBUG": "false",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver,contact.example.com",
    "PUBLIC_BASE_URL": "https://contact.example.com",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 31 + "1",
    "TWILIO_AUTH_TOKEN": "token-of-the-tests",
    "TWILIO_AUTH_TOKEN_SECONDARY": "",
    "TWILIO_WEBHOOK_KEYS": "",
    "TWILIO_API_KEY": "",
    "TWILIO_API_SECRET": "",
    "TWILIO_API_BASE_URL": "http://twilio.test",
    "TWILIO_CALLER_ID": "",
    "TWILIO_CALLS_PER_SECOND": "1000",
    "RECORDINGS_BUCKET": "",
    "RECORDINGS_KEYS": "tests:" + "A" * 43 + "=",
    "RECORDINGS_KMS_KEY": "",
    "RECORDINGS_CLEAR": "false",
    "TRANSCRIPTION_PROVIDER": "",
    "OUTGOING_PRIVATE_NETWORKS": "",
    "EMAIL_URL": "memorymail://",
    "LOG_FORMAT": "json",
    "TIME_ZONE": "UTC",
}
for _name, _value in _defaults.items():
    os.environ.setdefault(_name, _value)
os.environ.update(_fixed)

from contactcenter.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405  a live server's thread must not hold the test database open
