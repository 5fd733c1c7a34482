import pytest
from rest_framework import serializers

from calls.models import Call
from rest.fields import Moment
from rest.serializers import ModelShape, Shape


class Thing(Shape):
    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField()
    parts = serializers.CharField(required=False)

    class Meta:
        expandable = ("parts",)


@pytest.mark.parametrize("field", ["colour", "id"])
def test_fields_that_a_body_may_not_have_are_errors(field):
    shape = Thing(data={"name": "A", field: 1})

    assert not shape.is_valid()
    assert set(shape.errors) == {field}
    assert "name" in str(shape.errors[field][0])


def test_expandable_fields_are_there_only_if_asked_for():
    row = {"id": 1, "name": "A", "parts": "b"}

    assert set(Thing(row, context={"expand": ()}).data) == {"id", "name"}
    assert set(Thing(row, context={"expand": ("parts",)}).data) == {"id", "name", "parts"}


def test_a_shape_of_a_model_writes_moments_in_utc_and_saves_nothing():
    class CallMoment(ModelShape):
        class Meta:
            model = Call
            fields = ("started_at",)

    assert isinstance(CallMoment().fields["started_at"], Moment)
    with pytest.raises(NotImplementedError):
        CallMoment().save()


def test_what_is_no_object_and_a_word_that_is_none_of_a_few_are_told_with_what_to_give():
    class Wish(Shape):
        color = serializers.ChoiceField(["red", "green"])
        sizes = serializers.ListField(child=serializers.ChoiceField(["S", "L"]), required=False)

    def wrong(data):
        shape = Wish(data=data)
        assert not shape.is_valid()
        return shape.errors

    assert wrong([]) == {"non_field_errors": ["Give a JSON object with these fields."]}
    assert wrong({"color": "blue"}) == {"color": ["Give one of: red, green."]}
    assert wrong({"color": "red", "sizes": ["M"]}) == {"sizes": {0: ["Give one of: S, L."]}}
