"""What holds for all pages of the API."""

from collections.abc import Iterator
from typing import Any

from rest_framework import serializers

from contactcenter.api import router
from rest.fields import Moment
from rest.serializers import ShapeBase


def shapes() -> set[type[serializers.Serializer]]:
    """Give the shapes of all bodies, parameters and answers."""
    found = set()
    for resource in {page.resource for page in router.pages()}:
        kinds = (resource.bodies, resource.queries, resource.answers)
        found |= {shape for kind in kinds for shape in kind.values()} | {resource.serializer_class}
    return {shape for shape in found if shape is not None}


def fields(shape: Any, way: str) -> Iterator[tuple[str, Any]]:
    """Give each field of a shape and of those within, each with its way."""
    for name, field in shape.fields.items():
        field = getattr(field, "child", field)
        yield f"{way}.{name}", field
        if isinstance(field, serializers.Serializer):
            yield from fields(field, f"{way}.{name}")


def all_fields() -> list[tuple[str, Any]]:
    return [found for shape in shapes() for found in fields(shape(), shape.__name__)]


def test_every_moment_is_told_with_its_zone():
    moments = [(way, field) for way, field in all_fields() if isinstance(field, serializers.DateTimeField)]

    assert moments
    assert sorted(way for way, field in moments if not isinstance(field, Moment)) == []


def test_every_body_refuses_fields_that_it_does_not_know():
    bodies = {shape for page in router.pages() for shape in page.resource.bodies.values()}

    assert bodies
    assert sorted(shape.__name__ for shape in bodies if not issubclass(shape, ShapeBase)) == []


def test_names_of_operations_are_told_once():
    names = [(page.resource.scope, page.resource.__name__, page.action, page.method) for page in router.pages()]

    assert len(set(names)) == len(names)
