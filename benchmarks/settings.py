"""The application's settings as in production, with the references' addresses added."""

from contactcenter.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
