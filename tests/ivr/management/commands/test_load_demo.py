"""The command that loads the demo: where it may, and what it tells."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agents.models import User
from ivr.demo import load
from ivr.models import Flow, Line
from simulator import config

pytestmark = pytest.mark.django_db


def run(*arguments):
    told = StringIO()
    call_command("load_demo", *arguments, stdout=told)
    return told.getvalue()


def test_it_loads_the_demo_once_and_says_so():
    assert "is loaded" in run()
    assert "nothing is loaded" in run()
    assert Flow.objects.exists()


def test_it_tells_the_log_ins_without_touching_anything():
    told = run("--show-logins")

    assert "Flow editor" in told
    assert load.PASSWORD in told
    assert not User.objects.exists()


def test_it_refuses_where_calls_are_real(settings):
    settings.TWILIO_API_BASE_URL = ""

    with pytest.raises(CommandError, match="Calls are real here"):
        run()
    with pytest.raises(CommandError, match="Calls are real here"):
        run("--show-logins")

    assert not Flow.objects.exists()


def test_where_calls_are_real_it_can_be_forced_but_then_makes_no_log_ins(settings):
    settings.TWILIO_API_BASE_URL = ""

    run("--force")

    assert Flow.objects.exists()
    assert not User.objects.exists()


def test_it_tells_the_simulator_our_numbers_and_who_holds_a_phone(tmp_path):
    path = tmp_path / "folder" / "simulator.json"

    run("--simulator-config", str(path))

    read = config.parse(path.read_text())
    assert [number.number for number in read.numbers] == list(
        Line.objects.filter(address__startswith="+").order_by("address").values_list("address", flat=True)
    )
    assert all("/voice/inbound" in number.voice_url for number in read.numbers)
    assert all("/messaging/inbound" in number.sms_url for number in read.numbers)
    assert all("/voice/fallback" in number.voice_fallback_url for number in read.numbers)
    assert {phone.name for phone in read.phones} == {"Caller 1", "Caller 2", "Sales desk", "Shop floor", "Workshop"}
    assert {phone.habit.answers for phone in read.phones} == {"asks"}
    assert json.loads(path.read_text())["phones"][0].keys() == {"address", "name", "habit"}


def test_where_calls_become_real_the_known_password_opens_nothing_and_beside_the_simulator_it_does_again(settings):
    run()
    own = User.objects.create_user("me", password="ride-a-bike")
    simulated, settings.TWILIO_API_BASE_URL = settings.TWILIO_API_BASE_URL, ""

    run("--lock-logins")

    assert not any(user.check_password("ride-a-bike") for user in User.objects.exclude(pk=own.pk))
    own.refresh_from_db()
    assert own.check_password("ride-a-bike")
    settings.TWILIO_API_BASE_URL = simulated
    run()
    assert all(user.check_password("ride-a-bike") for user in User.objects.all())


def test_beside_the_simulator_the_log_ins_stay_open():
    run()

    run("--lock-logins")

    assert User.objects.get(username="administrator").check_password("ride-a-bike")
