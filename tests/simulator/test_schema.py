import pytest

from simulator.schema import Attribute, elements


@pytest.mark.parametrize(
    ("attribute", "value", "fine"),
    [
        (Attribute("boolean", False, frozenset()), "true", True),
        (Attribute("boolean", False, frozenset()), "True", False),
        (Attribute("number", False, frozenset()), "12", True),
        (Attribute("number", False, frozenset()), "-1", False),
        (Attribute("number", False, frozenset()), "1.5", False),
        (Attribute("number", True, frozenset()), "1 2 3", True),
        (Attribute("enum", False, frozenset({"a", "b"})), "a", True),
        (Attribute("enum", False, frozenset({"a", "b"})), "a b", False),
        (Attribute("enum", True, frozenset({"a", "b"})), "a b", True),
        (Attribute("enum", True, frozenset({"a", "b"})), "", False),
        (Attribute("string", False, frozenset()), "", True),
    ],
)
def test_values_are_checked_by_type(attribute, value, fine):
    assert (attribute.problem("some", value) == "") is fine


@pytest.mark.parametrize(("value", "fine"), [("GET", True), ("POST", True), ("post", False), ("", False)])
def test_a_method_is_get_or_post(value, fine):
    assert (Attribute("string", False, frozenset()).problem("method", value) == "") is fine


def test_every_child_and_every_verb_is_known():
    known = elements()

    assert {"Say", "Gather", "Dial", "Record", "Enqueue", "Pay", "Connect"} <= known["Response"].children.keys()
    assert all(child in known for element in known.values() for child in element.children.values())
    assert all(
        attribute.values
        for element in known.values()
        for attribute in element.attributes.values()
        if attribute.type == "enum"
    )


def test_what_the_data_lacks_is_added():
    known = elements()

    assert "callReason" in known["Dial"].attributes
    assert "true" in known["Dial"].attributes["record"].values
    assert "Recording" in known["Stop"].children
    assert "name" in known["Recording"].attributes
