"""What is hidden besides card numbers, what is left alone, and what always holds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban

from recordings.speech.redaction import Finding, Kind, redacted
from recordings.speech.transcript import Transcript, joined
from tests.effort import effort
from tests.recordings.speech.factories import segment, transcript, worded
from tests.recordings.speech.spoken import said, written

EVERYWHERE = ("US", "DE", "ES", "FR", "IT", "NL", "GB", "AT", "CH", "BE", "PL", "PT", "FI", "IE")


def hidden(*texts: str, country: str = "US", language: str = "en", more: tuple[str, ...] = ()) -> str:
    return redacted(transcript(*texts, language=language), country=country, more_countries=more).transcript.text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("It is DE89 3704 0044 0532 0130 00.", "It is [bank account]."),
        ("IBAN: DE89370400440532013000, thanks", "IBAN: [bank account], thanks"),
        ("gb29 nwbk 6016 1331 9268 19", "[bank account]"),
        ("N L nine one A B N A oh four one seven one six four three oh oh", "[bank account]"),
        (
            "d e eight nine three seven oh four oh oh four four oh five three two oh one three oh oh oh",
            "[bank account]",
        ),
        ("My account number is 0532 0130, at your bank", "My account number is [bank account], at your bank"),
        ("The sort code is 60 16 13", "The sort code is [bank account]"),
    ],
)
def test_bank_accounts_are_hidden(text, left):
    assert hidden(text) == left


@given(
    country=st.sampled_from(["DE", "ES", "AT", "BE", "PT", "FI", "DK", "PL"]),
    digits=st.text("0123456789", min_size=26, max_size=26),
    spaced=st.booleans(),
    small=st.booleans(),
)
def test_nothing_of_an_iban_is_left(country, digits, spaced, small):
    length = {"DE": 18, "ES": 20, "AT": 16, "BE": 12, "PT": 21, "FI": 14, "DK": 14, "PL": 24}[country]
    account = digits[:length]
    number = country + iban.calc_check_digits(f"{country}00{account}") + account
    if not iban.is_valid(number):  # some countries have a checksum of their own within
        return
    shown = " ".join(re.findall(".{1,4}", number)) if spaced else number

    assert hidden(f"Here: {shown.lower() if small else shown} okay") == "Here: [bank account] okay"


@pytest.mark.parametrize(
    ("text", "left", "country", "language"),
    [
        ("Call (415) 555-2671 now", "Call [phone number] now", "US", "en"),
        ("+1 415.555.2671", "[phone number]", "DE", "en"),
        ("415-555-2671, 415-555-2672 or 415-555-2673", "[phone number], [phone number] or [phone number]", "US", "en"),
        ("plus four four two oh seven nine four six oh nine five eight", "plus [phone number]", "US", "en"),
        ("four one five, five five five, two six seven one", "[phone number]", "US", "en"),
        ("eight hundred five five five two six seven one", "[phone number]", "US", "en"),
        ("Meine Nummer ist 0171 2345678", "Meine Nummer ist [phone number]", "DE", "de"),
        ("null eins sieben eins zwo drei vier fünf sechs sieben acht", "[phone number]", "DE", "de"),
        ("seis doce treinta y cuatro cincuenta y seis setenta y ocho", "[phone number]", "ES", "es"),
        ("zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit", "[phone number]", "FR", "fr"),
        ("My phone is 555-0123", "My phone is [phone number]", "US", "en"),
        ("Please call me at two six seven one nine nine four five six", "Please call me at [phone number]", "US", "en"),
    ],
)
def test_phone_numbers_are_hidden(text, left, country, language):
    assert hidden(text, country=country, language=language) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to ann.lee@example.com.", "Write to [e-mail address]."),
        ("ann_lee+desk-1@mail.example.co.uk, please", "[e-mail address], please"),
        ("It is ann dot lee at example dot com, thanks", "It is [e-mail address], thanks"),
        ("ann.lee at example.com", "[e-mail address]"),
        ("my email is lee at example dot com", "my email is [e-mail address]"),
        ("My address is a n n underscore lee 42 at my dash shop dot co dot uk", "My address is [e-mail address]"),
        ("anna punto lopez arroba ejemplo punto es", "[e-mail address]"),
        ("anne tiret martin arobase exemple point fr", "[e-mail address]"),
        ("anna punkt schmidt at beispiel minus laden punkt de", "[e-mail address]"),
        ("root@localhost", "[e-mail address]"),
        ("Look at example dot com for it", "Look at example dot com for it"),
        ("Meet me at noon. Come alone.", "Meet me at noon. Come alone."),
        ("@ work", "@ work"),
    ],
)
def test_mail_addresses_are_hidden(text, left):
    assert hidden(text, language="") == left


def test_a_mail_address_may_be_told_in_two_breaths():
    assert hidden("It is ann dot lee at", "example dot com") == "It is [e-mail address]\n[e-mail address]"


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("US", "My social security number is 536-22-1234"),
        ("US", "536-22-1234"),
        ("US", "social security: five three six, two two, one two three four"),
        ("DE", "36 574 261 809"),
        ("ES", "12345678Z"),
        ("ES", "12345678 Z"),
        ("ES", "x-5253868-R"),
        ("FR", "2 95 10 99 126 111 93"),
        ("IT", "RCC MNL 83S18D969H"),
        ("IT", "rccmnl83s18d969h"),
        ("NL", "BSN 1112.22.333"),
        ("GB", "QQ? no, AB 12 34 56 C"),
        ("GB", "my NHS number is 943 476 5870"),
        ("AT", "Ausweis 1237 010180"),
        ("CH", "756.9217.0769.85"),
        ("BE", "85.07.30-033.28"),
        ("PL", "44051401359"),
        ("FI", "131052-308T"),
        ("IE", "6433435F"),
        ("PT", "00000000 0 ZZ4"),
        ("US", "my passport is C01X00T47"),
        ("US", "the driver's license, D 123 4567"),
    ],
)
def test_national_numbers_of_a_country_are_hidden(country, text):
    left = hidden(text, country=country)

    assert "[id number]" in left
    assert not re.search(r"\d", left)


def test_a_national_number_of_bare_digits_counts_only_where_one_was_spoken_of():
    assert hidden("The reference is 111222333", country="NL", language="nl") == "The reference is 111222333"
    assert hidden("The reference is 536221234") == "The reference is 536221234"


def test_national_numbers_of_other_countries_are_known_when_they_are_named():
    assert hidden("12345678Z", country="US") == "12345678Z"
    assert hidden("12345678Z", country="US", more=("es",)) == "[id number]"


@pytest.mark.parametrize(
    ("texts", "left"),
    [
        (
            ("And the security code on the back?", "One two three"),
            "And the security code on the back?\n[security code]",
        ),
        (("The CVV is 123.",), "The CVV is [security code]."),
        (("4321 is my PIN",), "[security code] is my PIN"),
        (("My PIN, hm, four three, two one",), "My PIN, hm, [security code]"),
        (("die Prüfnummer ist drei zwo eins",), "die Prüfnummer ist [security code]"),
        (("el código de seguridad es cuatro cinco seis",), "el código de seguridad es [security code]"),
        (("le cryptogramme, sept huit neuf",), "le cryptogramme, [security code]"),
        (("Your one-time code is 80-41-22",), "Your one-time code is [security code]"),
        (("My PIN cost $250 and 30 %",), "My PIN cost $250 and 30 %"),
    ],
)
def test_codes_are_hidden_where_one_was_asked_for(texts, left):
    assert hidden(*texts, language="") == left


def test_an_expiry_read_with_the_code_goes_with_it():
    assert hidden("the code is", "CVV one two three, twelve twenty-seven") == "the code is\nCVV [security code]"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello, how can I help you?",
        "I bought 250 apples for $1,250.99 on 12/05/2021 at 10:30.",
        "In 2019 and 2020, 15 people paid 1200 and then 350 more.",
        "Your order 12345678 is late by two or three days.",
        "One or two of the four, or all five?",
        "There are 1,000,000 of them, and 25 %.",
        "Version 18.6.3 of 2025-11-29 has 1.5 million users.",
        "The parcel is 00340434161094021501.",
        "Room 101, floor 3, at 221B Baker Street.",
        "I HAVE NO IDEA WHAT YOU MEAN, SIR",
        "[card number] and [phone number]",
    ],
)
@pytest.mark.parametrize("language", ["en", "de", "es", "fr", ""])
def test_what_hides_nothing_is_left_as_it_is(text, language):
    made = transcript(text, "And that is all.", language=language)

    result = redacted(made, country="US", more_countries=EVERYWHERE)

    assert result.transcript == made
    assert result.findings == ()


FRAGMENTS = st.sampled_from(
    """
    card|visa|my PIN is|code|CVV|IBAN|account number|social security|phone|call me|email|ann|at|dot|com|example|okay|uh
    four|one|double|eleven|forty|oh|4111|1111|12|2025|555|2671|+49|0171|$99|DE89|3704|(|)|-|,|.|:|@|1111 1111 1111|A|Z
    vier|eins|cuatro|un|soixante|quatre-vingt|dix|[card number]|order|thousand|hundred|first|½|²|٤|é|\u0000|\ud83d\ude00
    """.replace("\n", "|").split("|")
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=4), max_size=14).map(" ".join)
SEGMENTS = st.builds(
    lambda text, start, speaker, with_words: (
        worded(text, start=start, speaker=speaker) if with_words else segment(text, start=start, speaker=speaker)
    ),
    TEXTS,
    st.floats(0, 300),
    st.sampled_from(["agent", "customer", "both"]),
    st.booleans(),
)
TRANSCRIPTS = st.builds(
    lambda segments, language: transcript(*sorted(segments, key=lambda entry: entry.start), language=language),
    st.lists(SEGMENTS, max_size=6),
    st.sampled_from(["en", "de-DE", "fr", "es", "", "xx"]),
)


@given(TRANSCRIPTS)
def test_whatever_is_said_hiding_it_twice_hides_no_more(made):
    once = redacted(made, country="US", more_countries=EVERYWHERE)
    twice = redacted(once.transcript, country="US", more_countries=EVERYWHERE)

    assert twice.transcript == once.transcript
    assert twice.findings == ()


@given(TRANSCRIPTS)
def test_whatever_is_said_all_but_the_hidden_is_kept(made):
    result = redacted(made, country="US", more_countries=EVERYWHERE)

    assert (result.transcript == made) == (result.findings == ())
    assert len(result.transcript.segments) == len(made.segments)
    for before, after in zip(made.segments, result.transcript.segments, strict=True):
        assert (after.speaker, after.start, after.end) == (before.speaker, before.start, before.end)
        assert not after.words or after.text == joined(after.words)
        assert bool(after.words) == bool(before.words)
    for finding in result.findings:
        within = [entry for entry in made.segments if entry.speaker == finding.speaker]
        assert any(entry.start <= finding.start <= finding.end <= entry.end + 0.01 for entry in within)


@given(st.data(), st.sampled_from(["en", "de", "es", "fr"]))
def test_a_phone_number_is_hidden_in_any_form(data, language):
    number = "415" + data.draw(st.sampled_from("23456789")) + data.draw(st.text("0123456789", min_size=6, max_size=6))
    if re.match(r"...(.11|555)", number):  # no such exchanges
        return
    form = data.draw(said(number, language) | written(number).map(lambda text: [text]))

    left = hidden(f"Hm: {' '.join(form)}.", language=language)

    assert left in {"Hm: [phone number].", "Hm: [phone number]"}, form


def test_a_finding_says_what_it_is_who_says_it_and_when():
    result = redacted(
        transcript(
            worded("I am at 415-555-2671 now", start=5.0), segment("ann@example.com", start=9.0, speaker="agent")
        ),
        country="US",
    )

    assert result.findings == (
        Finding(Kind.PHONE, "customer", 6.5, 7.0),
        Finding(Kind.EMAIL, "agent", 9.0, 11.0),
    )


def test_a_talk_of_four_times_the_length_is_four_times_the_work():
    texts = ["I would like four of them by 12 May, and my order is 12345678.", "Call me at 415 555 2671, will you?"]

    def talk(count):
        return Transcript(
            tuple(
                segment(texts[index % 2], start=index * 3.0, speaker="agent" if index % 3 else "customer")
                for index in range(count)
            ),
            "en",
            "",
            "",
        )

    def read(talk):
        return redacted(talk, country="US", more_countries=("DE", "GB"))

    short, long = talk(60), talk(240)

    assert len(read(long).findings) == 120
    assert effort(lambda: read(long)) <= 4.5 * effort(lambda: read(short))
