import pytest
from django.db import connection

from recordings import searching
from recordings.searching import PLAIN, configuration_of


@pytest.mark.parametrize(
    ("language", "configuration"),
    [("en-US", "english"), ("de", "german"), ("pt_BR", "portuguese"), ("ja-JP", PLAIN), ("", PLAIN)],
)
def test_a_language_is_searched_in_its_own_way(language: str, configuration: str) -> None:
    assert configuration_of(language) == configuration


@pytest.mark.django_db
def test_the_database_knows_all_of_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cfgname FROM pg_ts_config")
        known = {name for (name,) in cursor.fetchall()}

    assert {*searching._CONFIGURATIONS.values(), PLAIN} <= known
