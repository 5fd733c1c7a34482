from simulator.clock import VirtualClock
from simulator.exchanges import Exchanges, error_texts, violation


def log():
    changes = []
    clock = VirtualClock()
    return Exchanges(clock.now, lambda: changes.append(1)), clock, changes


def test_a_violation_carries_twilios_words():
    found = violation(13313, "warning", 'timeout="soon"')

    assert found.text == 'Gather: Invalid timeout value: timeout="soon"'
    assert str(found).startswith("13313 warning: Gather")
    assert str(violation(0, "error", "Ours")) == "Ours"


def test_every_error_has_a_text_newer_ones_too():
    assert len(error_texts()) > 600
    assert error_texts()[16102] == "Recording is silent"


def test_exchanges_are_numbered_and_found_by_what_is_newer():
    entries, _, changes = log()
    first = entries.record("request to app", method="POST", url="https://x/1")
    second = entries.record("status callback", method="POST", url="https://x/2")

    assert entries.since(0) == [first, second]
    assert entries.since(first.id) == [second]
    assert len(changes) == 2


def test_an_exchange_tells_how_long_it_took():
    entries, clock, _ = log()
    began = clock.now()
    clock.advance(1.5)

    exchange = entries.record("request to app", began=began)

    assert (exchange.at, exchange.took_ms) == (began, 1500)


def test_what_shows_only_later_is_a_note():
    entries, _, _ = log()
    entries.note("CA1", violation(13420, "error"))

    (note,) = entries
    assert (note.kind, note.call_sid, note.violations[0].code) == ("note", "CA1", 13420)


def test_only_the_newest_are_kept():
    entries, _, _ = log()
    for _ in range(Exchanges.KEPT + 3):
        entries.record("request to app")

    assert len(list(entries)) == Exchanges.KEPT
    assert next(iter(entries)).id == 4
