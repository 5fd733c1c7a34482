"""What all tests share: how Hypothesis searches, and a data folder that is gone afterwards."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as search

# No deadline: two tests at a time on a busy machine. No database: what fails is written into a test of its own.
search.register_profile(
    "suite",
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
search.load_profile("suite")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the workers of a parallel run share the folder of their master
        shutil.rmtree(Path(settings.DATA_DIR), ignore_errors=True)
