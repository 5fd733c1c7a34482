from decimal import Decimal

import pytest

from recordings.speech.provider import Price, cost_of, main_language, speaker_of


@pytest.mark.parametrize(
    ("channel", "channels", "speakers", "name"),
    [
        (0, 2, ("customer", "agent"), "customer"),
        (1, 2, ("customer", "agent"), "agent"),
        (0, 1, ("customer",), "customer"),
        (0, 1, ("customer", "agent"), "both"),
        (0, 1, (), "both"),
        (2, 3, ("customer", "agent"), "channel 3"),
    ],
)
def test_a_channel_has_the_name_of_who_speaks_on_it(channel, channels, speakers, name):
    assert speaker_of(channel, channels=channels, speakers=speakers) == name


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("", None),
        ("  ", None),
        ("0", Price(Decimal(0), "USD")),
        ("0.0043", Price(Decimal("0.0043"), "USD")),
        (" 0.0043  EUR ", Price(Decimal("0.0043"), "EUR")),
    ],
)
def test_a_price_is_a_number_and_perhaps_a_currency(text, price):
    assert Price.parse(text) == price


@pytest.mark.parametrize("text", ["free", "-1", "NaN", "Infinity", "1 euro", "1 eur", "EUR 1", "0,0043"])
def test_what_is_no_price_is_refused(text):
    with pytest.raises(ValueError, match="no "):
        Price.parse(text)


def test_each_channel_costs():
    assert cost_of(Price(Decimal("0.006"), "USD"), seconds=90, channels=2) == (Decimal("0.018"), "USD")
    assert cost_of(None, seconds=90, channels=2) == (None, "")


@pytest.mark.parametrize(("tag", "main"), [("en-US", "en"), ("pt_BR", "pt"), ("DE", "de"), ("", "")])
def test_a_region_does_not_change_the_language(tag, main):
    assert main_language(tag) == main
