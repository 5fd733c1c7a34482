"""Shapes of bodies and answers. What a body has and its shape has not is an error: nobody wrote it for nothing."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from rest.fields import ONE_OF, Moment

UNKNOWN = _("There is no such field. Leave it out; known are: %(names)s.")
NO_OBJECT = _("Give a JSON object with these fields.")


class ShapeBase(serializers.Serializer[Any]):
    """What both kinds of shapes do. Fields named in `Meta.expandable` are left out unless `?expand=` asks for them.

    `Meta.example` of a body is shown in the documentation.
    """

    default_error_messages = {"invalid": NO_OBJECT}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = [name for name, field in self.fields.items() if not field.read_only]
            if strange := [name for name in data if name not in writable]:
                told = UNKNOWN % {"names": ", ".join(writable) or "-"}
                raise serializers.ValidationError({name: [told] for name in strange})
        for field in self.fields.values():
            _name_choices(field)
        return super().to_internal_value(data)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        expanded = self.context.get("expand")
        if expanded is None:  # nobody asks: the schema is written
            return fields
        hidden = set(getattr(getattr(self, "Meta", None), "expandable", ())) - set(expanded)
        return {name: field for name, field in fields.items() if name not in hidden}


def _name_choices(field: Any) -> None:
    """Have a field of a few words, or a list of such, name them to who writes another."""
    field = getattr(field, "child", field)
    if isinstance(field, serializers.ChoiceField):
        field.error_messages["invalid_choice"] = ONE_OF.format(words=", ".join(map(str, field.choices)))


class Shape(ShapeBase):
    """A body or an answer, field by field."""


class ModelShape(ShapeBase, serializers.ModelSerializer[Any]):
    """An answer, and where it fits a body, whose fields are a model's. Writes are for actions: it never saves."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {models.DateTimeField: Moment}

    def save(self, **_fields: Any) -> Any:
        raise NotImplementedError("A page hands what was checked to an action.")
