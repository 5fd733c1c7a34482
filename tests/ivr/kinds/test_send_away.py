"""Sending a call away: what is sent, and how the call comes back where it could not be sent."""

import pytest

from ivr.kinds.base import Keys, Silence
from ivr.kinds.send_away import is_address
from ivr.kinds.sent import Referred, Unreached
from telephony.twiml import Hangup, Redirect, Refer, Say
from tests.ivr.factories import END, URLS, Walk, make_document, make_step

STUDIO = "https://webhooks.twilio.com/v1/Accounts/AC1/Flows/FW1"
PBX = "sip:desk@pbx.example?X-Account=7"
SIP_CALLER = "sip:ann@pbx.example"


def away(address=STUDIO, *, exits=("refused", "failed"), says=False, **settings):
    step = make_step(
        "send_away",
        settings={"address": address, **settings},
        exits=dict.fromkeys(exits, "end"),
        prompts={"message": "wait"} if says else {},
    )
    return make_document({"away": step, "end": END})


def test_another_address_gets_the_call_behind_a_message():
    walk = Walk(away(says=True))

    assert [type(verb) for verb in walk.verbs] == [Say, Redirect]
    assert walk.verbs[-1] == Redirect(STUDIO)
    assert (walk.step, walk.ending) == ("away", "")
    assert walk.events("sent-away") == [{"step": "away", "to": STUDIO}]


@pytest.mark.parametrize("heard", [Unreached("11200"), Silence(), Keys("1"), Referred("in-progress", "202", "200")])
def test_a_call_that_comes_back_from_there_goes_on_by_the_way_for_that(heard):
    walk = Walk(away()).hear(heard)

    assert walk.left_by == ["failed"]
    assert walk.ending == "completed"


def test_the_history_tells_why_it_came_back():
    walk = Walk(away()).hear(Unreached("11200"))

    assert walk.events("sent-away") == [{"step": "away", "outcome": "unreached", "code": "11200"}]


@pytest.mark.parametrize("facts", [{"caller": SIP_CALLER}, {"caller": "+14155550123", "by_sip": True}])
def test_a_call_by_sip_is_referred(facts):
    walk = Walk(away(PBX, to="sip"), **facts)

    assert walk.verbs == (Refer(PBX, URLS.resume),)


@pytest.mark.parametrize(
    ("heard", "left", "ending"),
    [
        (Referred("in-progress", "202", "200"), [], "sent away"),
        (Referred("completed", "202", "200"), [], "sent away"),
        (Referred("failed", "405"), ["refused"], "completed"),
        (Referred("failed", "603"), ["refused"], "completed"),
        (Referred("busy", "202", "486"), ["failed"], "completed"),
        (Referred("failed", "202", "404"), ["failed"], "completed"),
        (Referred("", "202"), ["failed"], "completed"),
        (Referred("canceled", "202", "180"), ["failed"], "completed"),
        (Silence(), ["failed"], "completed"),
    ],
)
def test_what_becomes_of_a_refer_decides_the_way(heard, left, ending):
    walk = Walk(away(PBX, to="sip"), caller=SIP_CALLER).hear(heard)

    assert walk.left_by == left
    assert walk.ending == ending
    assert walk.verbs[-1] == Hangup()


@pytest.mark.parametrize(
    ("exits", "way"), [(("refused", "failed"), "refused"), (("failed",), "failed")], ids=["connected", "not connected"]
)
def test_a_call_that_is_no_sip_is_not_tried(exits, way):
    walk = Walk(away(PBX, to="sip", exits=exits), caller="+14155550123")

    assert walk.left_by == [way]


def test_where_the_address_is_none_nobody_is_sent():
    assert Walk(away("studio")).left_by == ["failed"]
    assert Walk(away("studio", to="sip"), caller=SIP_CALLER).left_by == ["refused"]


@pytest.mark.parametrize(
    ("address", "settings", "codes"),
    [
        (STUDIO, {}, []),
        (PBX, {"to": "sip"}, []),
        ("", {}, ["bad_address"]),
        ("ftp://files.example", {}, ["bad_address"]),
        ("https://", {}, ["bad_address"]),
        (f"https://a.example/{'x' * 500}", {}, ["bad_address"]),
        (STUDIO, {"to": "sip"}, ["bad_address"]),
        ("sip:desk", {"to": "sip"}, ["bad_address"]),
        (PBX, {}, ["bad_address"]),
    ],
)
def test_its_problems(address, settings, codes):
    step = away(address, **settings).steps["away"]

    assert [problem.code for problem in step.problems()] == codes


def test_that_most_callers_cannot_be_referred_is_told_where_nothing_is_done_about_it():
    step = away(PBX, to="sip", exits=("failed",)).steps["away"]

    assert [problem.code for problem in step.problems()] == ["sip_only"]


@pytest.mark.parametrize("address", ["https://a.example/x?y=1", "http://127.0.0.1:8000/"])
def test_addresses_of_the_web_are_known_by_how_they_are_written(address):
    assert is_address(address)
    assert not is_address(address.replace("://", ":/"))
    assert not is_address(f"{address}\n")
    assert not is_address("https://[::1")
