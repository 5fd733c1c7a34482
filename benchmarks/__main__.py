"""Run all measurements and print them: `bin/bench`."""

import os
import secrets

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
os.environ.setdefault("PUBLIC_BASE_URL", "https://contact.example.com")
os.environ.setdefault("CELERY_BROKER_URL", "memory://")
os.environ["TWILIO_ACCOUNT_SID"] = "AC" + "0" * 31 + "2"
os.environ["TWILIO_AUTH_TOKEN"] = secrets.token_hex(16)
os.environ["LOG_LEVEL"] = "WARNING"
os.environ["DEBUG"] = "false"
django.setup()

from benchmarks import engine, live, matching, webhooks  # noqa: E402  Django must be set up before its models are imported

if __name__ == "__main__":
    engine.measure()
    matching.measure()
    webhooks.measure()
    live.measure()
