"""What all tests share: how Hypothesis searches, and a data folder that is gone afterwards."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as search

from contactcenter.celery import app
from tests.crm.schemas import check_written
from tests.dialing.factories import UNBOUND, set_limits
from tests.prepared import prepare
from tests.refilled import refill_instead_of_truncating, remember

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


@pytest.fixture(scope="session", autouse=True)
def _tasks_are_known() -> None:
    """Import the tasks of all apps, as a worker does: actions announce them by name."""
    app.loader.import_default_modules()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: Any) -> None:
    """Make test databases from one that has been migrated."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = prepare()
    refill_instead_of_truncating()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Make the database, and remember what migrations have written into it."""
    with django_db_blocker.unblock():
        remember()


@pytest.fixture
def nobody_works() -> Iterator[None]:
    """Leave tasks with the broker, which keeps them in memory: what they do is not looked at."""
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


@pytest.fixture
def any_hour(db: None) -> None:
    """Let calls out be as many, and at what hour, as a test likes that is about something else."""
    set_limits(**UNBOUND)


@pytest.fixture(autouse=True)
def _events_fit_the_catalogue() -> Iterator[None]:
    """Whatever a test is about: each event that is written in it has the shape that the catalogue tells."""
    with connection.execute_wrapper(check_written):
        yield


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests that really commit last, and keep Django from making again what migrations wrote after each."""
    items.sort(key=_commits)
    for item in filter(_commits, items):
        item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def _commits(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("django_db")
    return bool(marked and marked.kwargs.get("transaction")) or "live_server" in getattr(item, "fixturenames", ())


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the workers of a parallel run share the folder of their master
        shutil.rmtree(Path(settings.DATA_DIR), ignore_errors=True)
