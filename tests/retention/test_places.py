"""Every field that can hold a text is declared: it goes, it is searched, or it names nobody."""

from collections import Counter

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models

from retention.places import GOES, NOBODY, PLACES, place_of
from tests.test_house import APPS, sources

TEXTS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FileField,
    models.GenericIPAddressField,
    ArrayField,
    SearchVectorField,
)


def texts() -> set[str]:
    """All columns in which something that a person said, or a number, could stand; choices are words of ours."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, TEXTS) and not field.is_relation and not field.choices
    }


def declared() -> Counter[str]:
    named = [f"{place.model}.{field}" for place in PLACES for field in place.fields]
    named += [f"{model}.{field}" for model, fields in GOES.items() for field in fields]
    named += [f"{model}.{field}" for nobody in NOBODY.values() for model, fields in nobody.items() for field in fields]
    return Counter(named)


def test_every_text_is_declared_once():
    assert texts() - set(declared()) == set(), "say in retention.places whether these can name a person"
    assert set(declared()) - texts() == set(), "these are gone, or are no texts"
    assert [name for name, times in declared().items() if times > 1] == []


@pytest.mark.django_db
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.model)
def test_the_call_of_each_place_can_be_asked_for(place):
    table = apps.get_model(place.model)._meta.db_table

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count({place.call}) FROM {table} AS row")
        assert cursor.fetchone() == (0,)


def test_a_place_is_found_by_its_model():
    assert place_of("queues.Handling").fields == ("notes",)


def test_nothing_of_a_person_can_lie_in_a_cache():
    """The certificate says so: no module of ours puts anything into Django's cache."""
    users = [name for name, text in sources(*APPS, "contactcenter") if "django.core.cache" in text]

    assert users == []
