"""The languages that can be spoken: each with its code and a name of its own."""

import re

from telephony.languages import LANGUAGES


def test_every_language_has_a_code_as_twilio_writes_it_and_a_name_of_its_own():
    assert all(re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2}(-[A-Z]{3})?)?", code) for code in LANGUAGES)
    assert len(set(LANGUAGES.values())) == len(LANGUAGES)
    assert LANGUAGES["en-US"] == "English (United States)"
