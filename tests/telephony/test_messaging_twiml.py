from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.messaging_twiml import Message, Redirect, Verb, render

# What Twilio's pages "TwiML for Programmable Messaging" allow: attributes and children by element.
ALLOWED = {
    "Response": (set(), {"Message", "Redirect"}),
    "Message": ({"to", "from", "action", "method", "statusCallback"}, {"Body", "Media"}),
    "Body": (set(), set()),
    "Media": (set(), set()),
    "Redirect": ({"method"}, set()),
}

CASES: list[tuple[Verb, str]] = [
    (Message("Hi & <bye>"), "<Message><Body>Hi &amp; &lt;bye&gt;</Body></Message>"),
    (
        Message(media=["https://x/a?b=1&c=2", "https://x/d"]),
        "<Message><Media>https://x/a?b=1&amp;c=2</Media><Media>https://x/d</Media></Message>",
    ),
    (
        Message("Hi", to="+15005550100", from_="+15005550101", status_callback="https://x/s?a=1&b=2"),
        (
            '<Message to="+15005550100" from="+15005550101" statusCallback="https://x/s?a=1&amp;b=2">'
            "<Body>Hi</Body></Message>"
        ),
    ),
    (Redirect("https://x/1"), "<Redirect>https://x/1</Redirect>"),
]


def violations(document):
    def of(element):
        attributes, children = ALLOWED[element.tag]
        found = [f"<{element.tag}> has no attribute {name}" for name in element.attrib.keys() - attributes]
        for child in element:
            if child.tag not in children:
                found.append(f"<{child.tag}> cannot stand in <{element.tag}>")
            else:
                found += of(child)
        return found

    return of(ElementTree.fromstring(document.encode()))


@pytest.mark.parametrize(("verb", "expected"), CASES, ids=lambda value: type(value).__name__)
def test_a_verb_is_written_as_twilio_names_it(verb, expected):
    document = render([verb])

    assert ElementTree.canonicalize(document) == ElementTree.canonicalize(f"<Response>{expected}</Response>")
    assert violations(document) == []


def test_messages_stand_in_order_and_nothing_is_an_empty_response():
    document = render([Message("one"), Message("two"), Redirect("https://x/next")])

    assert [element.tag for element in ElementTree.fromstring(document)] == ["Message", "Message", "Redirect"]
    assert list(ElementTree.fromstring(render([]))) == []


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cn"))))
def test_a_text_is_read_as_it_was_written(text):
    document = render([Message(f"a{text}", media=[f"https://x/{text}"])])

    assert violations(document) == []
    assert ElementTree.fromstring(document)[0][0].text == f"a{text}"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_gives_a_document_that_can_be_read(text):
    assert violations(render([Message(f"a{text}")])) == []
