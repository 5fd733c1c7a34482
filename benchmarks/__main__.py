"""Measure and print: `bin/bench`; or named ones, as NAMED below has them: `bin/bench api search`."""

import os
import secrets
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
os.environ.setdefault("PUBLIC_BASE_URL", "https://contact.example.com")
os.environ.setdefault("CELERY_BROKER_URL", "memory://")
os.environ["TWILIO_ACCOUNT_SID"] = "AC" + "0" * 31 + "2"
os.environ["TWILIO_AUTH_TOKEN"] = secrets.token_hex(16)
os.environ["TWILIO_API_KEY"], os.environ["TWILIO_API_SECRET"] = "SK" + "0" * 31 + "2", secrets.token_hex(16)
# No static files are collected here, among which is the music.
os.environ.setdefault("HOLD_MUSIC_URL", "https://media.example.com/hold.wav")
os.environ["LOG_LEVEL"] = "WARNING"
os.environ["DEBUG"] = "false"
django.setup()

# ruff: noqa: E402  Django must be set up before its models are imported
from benchmarks import (
    api,
    checks,
    day,
    engine,
    events,
    fetching,
    live,
    matching,
    replay,
    retention,
    search,
    teams,
    trial,
    webhooks,
    words,
    workshop,
)

ALL = {"engine": engine, "matching": matching, "webhooks": webhooks, "live": live, "fetching": fetching}
NAMED = {
    **ALL,
    "api": api,
    "checks": checks,
    "day": day,
    "events": events,
    "replay": replay,
    "retention": retention,
    "search": search,
    "teams": teams,
    "trial": trial,
    "words": words,
    "workshop": workshop,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or ALL:
        NAMED[name].measure()
