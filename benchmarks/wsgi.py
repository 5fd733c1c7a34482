"""The application as granian serves it in production, under the benchmark's settings."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"

from contactcenter.wsgi import application

__all__ = ["application"]
