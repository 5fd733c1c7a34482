import tracemalloc
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from compliance import chain
from compliance.actions import access
from compliance.chain import Anchor, Break, Flaw
from compliance.models import AccessEntry
from compliance.states import Access
from tests.at_once import at_once
from tests.calls.factories import AT
from tests.compliance.factories import log, tamper
from tests.recordings.factories import make_user

pytestmark = pytest.mark.django_db


def test_an_entry_holds_on_to_the_one_before() -> None:
    first, second = log(1), log(2)

    assert (first.previous, second.previous) == (chain.BEGINNING, first.hash)
    assert access.verify() == chain.Verdict(2, second.hash)


def test_an_entry_says_who_did_what_and_from_where() -> None:
    ann = make_user("ann")

    access.log(
        user=ann,
        address="2001:db8::1",
        action=Access.PLAYED,
        subject="recording",
        subject_id=7,
        reason="A complaint",
        detail={"bytes": [0, 9]},
        at=AT,
    )

    entry = AccessEntry.objects.get()
    assert (entry.user, entry.who, entry.address, entry.action) == (ann, "ann", "2001:db8::1", "played")
    assert (entry.subject, entry.subject_id, entry.reason) == ("recording", "7", "A complaint")
    assert (entry.detail, entry.at) == ({"bytes": [0, 9]}, AT)


def test_who_has_no_account_is_named_and_what_nobody_did_is_the_systems() -> None:
    assert log(who="link by ann").who == "link by ann"
    assert log(who="").who == "system"
    assert len(log(who="x" * 200, reason="y" * 300).who) == 150


@pytest.mark.parametrize(
    "address",
    [None, "192.0.2.7", "::1", "::ffff:192.0.2.7", "2001:DB8:0:0:1::1", "::192.0.2.7", "1:0:0:2:0:0:0:3", "64:ff9b::1"],
)
def test_an_address_is_hashed_as_the_database_gives_it_back(address: str | None) -> None:
    log(address=address)

    assert access.verify().broken is None


@pytest.mark.parametrize(
    "fields",
    [
        {"detail": {"z": [1, None, True, "ü\u2028\U0001f4de"], "a": {"n": 10**30, "": -0}}},
        {"reason": "Zoë's “case” \\ \n\t", "who": "日本"},
    ],
)
def test_whatever_is_logged_has_the_same_hash_when_it_is_read_again(fields: dict[str, Any]) -> None:
    log(**fields)

    assert access.verify().broken is None


def test_a_detail_that_would_not_come_back_is_refused() -> None:
    with pytest.raises(ValueError, match="does not come back"):
        log(detail={"seconds": 1.5})

    assert not AccessEntry.objects.exists()


@pytest.mark.parametrize("change", [{"reason": "none"}, {"hash": "f" * 64}, {"user": None}])
def test_the_database_refuses_to_change_an_entry(change: dict[str, Any]) -> None:
    entry = log()

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AccessEntry.objects.filter(pk=entry.pk).update(**change)

    assert access.verify().broken is None


@pytest.mark.parametrize("erasing", ["off", "on"])
def test_the_database_refuses_to_delete_an_entry_even_to_who_erases(erasing: str) -> None:
    entry = log()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('compliance.erasing', %s, true)", [erasing])

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        entry.delete()

    assert AccessEntry.objects.exists()


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE compliance_accessentry SET reason = 'better' WHERE who = 'person 2'", (Flaw.CHANGED, 2)),
        ("UPDATE compliance_accessentry SET at = at + interval '1 hour' WHERE who = 'person 3'", (Flaw.CHANGED, 3)),
        ("UPDATE compliance_accessentry SET detail = '{\"n\": 1.5}' WHERE who = 'person 2'", (Flaw.CHANGED, 2)),
        ("UPDATE compliance_accessentry SET address = '192.0.2.8' WHERE who = 'person 1'", (Flaw.CHANGED, 1)),
        ("DELETE FROM compliance_accessentry WHERE who = 'person 2'", (Flaw.LOOSE, 2)),
        ("DELETE FROM compliance_accessentry WHERE who = 'person 1'", (Flaw.LOOSE, 1)),
        (
            """INSERT INTO compliance_accessentry
                   (id, at, who, action, subject, subject_id, reason, detail, previous, hash)
               SELECT id - 1, at, who, action, subject, subject_id, '', '{}', repeat('a', 64), repeat('b', 64)
               FROM compliance_accessentry WHERE who = 'person 3'""",
            (Flaw.LOOSE, 3),
        ),
    ],
    ids=["reason", "time", "detail", "address", "deleted", "first deleted", "put in"],
)
def test_tampering_by_somebody_who_may_do_anything_in_the_database_is_found(sql: str, broken: tuple[Flaw, int]) -> None:
    log(1)
    log(2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('compliance_accessentry', 'id'))")  # room to put one in
    log(3)

    tamper(sql)

    found = access.verify().broken
    assert found is not None
    assert (found.flaw, found.place) == broken


def test_an_end_that_was_cut_off_is_found_against_an_export() -> None:
    log(1)
    anchor = chain.anchor_of(access.export(user=None, address=None, at=AT))

    tamper("DELETE FROM compliance_accessentry WHERE action = 'exported'")

    assert access.verify().broken is None
    assert access.verify(anchor=anchor).broken == Break(Flaw.CUT, 2)


def test_an_export_tells_of_itself_and_is_the_anchor_of_what_comes() -> None:
    log(1)

    anchor = chain.anchor_of(access.export(user=make_user("ann"), address="192.0.2.7", at=AT))
    log(2)

    exported = AccessEntry.objects.get(action=Access.EXPORTED)
    assert (exported.who, exported.subject) == ("ann", "access log")
    assert anchor == Anchor(2, exported.hash)
    assert access.verify(anchor=anchor).broken is None


def test_the_whole_log_is_verified_in_one_pass_and_little_memory() -> None:
    previous, rows = chain.BEGINNING, []
    for number in range(6000):
        row = AccessEntry(
            at=AT, who="ann", action=Access.HEARD, subject="recording", subject_id=str(number), previous=previous
        )
        row.hash = previous = chain.following(previous, row.content)
        rows.append(row)
    AccessEntry.objects.bulk_create(rows)
    del rows

    tracemalloc.start()
    with CaptureQueriesContext(connection) as counted:
        verdict = access.verify()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (verdict.entries, verdict.broken) == (6000, None)
    assert len([query for query in counted if "accessentry" in query["sql"]]) <= 1
    assert peak < 12_000_000  # a third of what all rows at once would take


@pytest.mark.django_db(transaction=True)
def test_those_who_write_at_the_same_time_keep_one_chain() -> None:
    def write(number: int) -> None:
        for n in range(10):
            log(number * 100 + n)

    at_once(*(partial(write, number) for number in range(6)))

    verdict = access.verify()
    assert (verdict.entries, verdict.broken) == (60, None)


@pytest.mark.django_db(transaction=True)
def test_an_entry_whose_transaction_is_undone_leaves_no_gap() -> None:
    def log_and_fail() -> None:
        with transaction.atomic():
            log(2)
            raise RuntimeError

    log(1)
    with pytest.raises(RuntimeError):
        log_and_fail()
    log(3)

    assert access.verify().entries == 2
    assert access.verify().broken is None
