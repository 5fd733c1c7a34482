from datetime import timedelta

import pytest

from calls.templatetags.calls import clock, indented, spelled


@pytest.mark.parametrize(
    ("seconds", "on_the_clock", "in_words"),
    [
        (None, "", ""),
        (0, "0:00", "0 s"),
        (7.9, "0:07", "7 s"),
        (60, "1:00", "1 min"),
        (125, "2:05", "2 min 5 s"),
        (3723, "1:02:03", "1 h 2 min"),
    ],
)
def test_a_span_is_written_as_a_clock_and_in_words(seconds: float | None, on_the_clock: str, in_words: str) -> None:
    span = None if seconds is None else timedelta(seconds=seconds)

    assert (clock(span), spelled(span)) == (on_the_clock, in_words)


def test_twiml_is_written_one_element_to_a_line() -> None:
    twiml = '<?xml version="1.0" encoding="UTF-8"?><Response><Say voice="a">Hi</Say><Hangup/></Response>'

    assert indented(twiml) == '<Response>\n  <Say voice="a">Hi</Say>\n  <Hangup/>\n</Response>'


@pytest.mark.parametrize("text", ["", "not xml", "<Response>", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'])
def test_what_is_no_twiml_stays_as_it_is(text: str) -> None:
    assert indented(text) == text
