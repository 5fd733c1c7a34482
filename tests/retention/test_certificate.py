"""The paper says what went and what remains, and its seal changes with every word of it."""

from datetime import UTC, datetime, timedelta

import pytest

from retention import certificate
from retention.certificate import Person, Section
from retention.things import Thing

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
PERSON = Person("+1415****123", "ab" * 32, "cd" * 16)


def paper(*sections: Section, **fields: object) -> dict[str, object]:
    given = {
        "id": "1",
        "person": PERSON,
        "reason": "File 12",
        "asked_at": AT,
        "asked_by": "ann",
        "confirmed_at": AT,
        "confirmed_by": "ben",
        "done_at": AT + timedelta(days=1),
        "looks": 2,
        "sections": sections,
    }
    return certificate.content(**(given | fields))


def remains(*sections: Section) -> dict[str, str | None]:
    return {str(one["what"]): one["until"] for one in certificate.remains(sections, done_at=AT)}


def test_every_kind_has_a_name_and_tells_how_it_was_checked():
    assert set(certificate.NAMES) == set(certificate.CHECKS) == set(Thing)


def test_each_kind_is_told_with_its_numbers():
    section = Section(Thing.CALL, 3, 3, 3, went={"calls.CallEvent": 41, "mails": 2}, last_at=AT)

    (thing,) = paper(section)["things"]

    assert (thing["found"], thing["erased"], thing["checked"]) == (3, 3, 3)
    assert thing["went"] == {"calls.CallEvent": 41}
    assert thing["last"] == AT.isoformat()


def test_what_twilio_keeps_is_named_with_its_day():
    left = remains(Section(Thing.RECORDING, 1, 1, 1, last_at=AT), Section(Thing.TWILIO_MESSAGE, 1, 1, 1, last_at=AT))

    assert (AT + timedelta(days=40)).date().isoformat() in left.values()
    assert left["Twilio's log of messages"] == (AT + timedelta(days=400)).date().isoformat()


@pytest.mark.parametrize("kind", [Thing.RECORDING, Thing.TWILIO_MESSAGE, Thing.TWILIO_CALL])
def test_of_what_was_never_there_nothing_remains(kind):
    assert set(remains(Section(kind, 1, 0, 0, kept={"Twilio: no": 1}))) == {
        f"{certificate.NAMES[kind]}: 1",
        *remains(),
    }


def test_what_is_kept_is_named_with_its_reason():
    section = Section(Thing.TWILIO_CALL, 2, 1, 1, kept={"Twilio: 20009": 1})

    left = [one for one in certificate.remains([section], done_at=AT) if one["why"] == "Twilio: 20009"]

    assert left == [{"what": "Calls in Twilio's records: 1", "why": "Twilio: 20009", "until": None}]


def test_what_cannot_be_searched_is_named():
    assert any("Sealed originals" in what for what in remains())


def test_emails_that_were_sent_and_backups_are_not_passed_over():
    left = remains(
        Section(Thing.CALL, 1, 1, 1, went={"mails": 2}), Section(Thing.RECORDING, 1, 1, 1, went={"mails": 1})
    )

    assert any(what.endswith(": 3") for what in left)
    assert any("Backups" in what for what in left)
    assert any("log of access" in what for what in left)


def test_what_other_systems_were_told_is_named_where_there_are_any():
    told = remains(Section(Thing.CALL, 1, 1, 1, went={"crm.Delivery": 2}), Section(Thing.EVENT, 1, 1, 1))

    assert any("sent to other systems: 2" in what for what in told)
    assert not any("other systems" in what for what in remains(Section(Thing.CALL, 1, 1, 1)))


def test_the_seal_does_not_depend_on_the_order_of_keys_and_changes_with_every_word():
    one = paper()

    assert certificate.seal(dict(reversed(list(one.items())))) == certificate.seal(one)
    assert certificate.seal(paper(reason="File 13")) != certificate.seal(one)
    assert certificate.seal(paper(Section(Thing.CALL, 1, 1, 1))) != certificate.seal(one)
