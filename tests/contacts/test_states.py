"""Words that stand in rows, and in events that others read."""

from contacts.states import Channel, How, What


def test_the_words_stay_as_they_are():
    assert [one.value for one in Channel] == ["texts", "calls"]
    assert {one.value for one in How} == {"text", "call", "said", "api", "file", "twilio", "erasure"}
    assert {"created", "changed", "merged", "split", "deleted"} < {one.value for one in What}
