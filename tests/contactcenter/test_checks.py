"""System checks run before the first migration, when there is no table to ask."""

from django.core.checks import Tags, run_checks


def test_the_admin_is_checked_without_asking_the_database():
    # no database mark: a query would raise
    assert run_checks(tags=[Tags.admin]) == []
