"""A newcomer's first calls: dialed in the simulator's page, found again in the admin. Time runs five times as fast."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from agents.roles import ADMINISTRATOR
from ivr.demo import load
from ivr.management.commands.load_demo import simulator_config
from simulator.production import SIMULATED_ACCOUNT
from tests.browser.sounds import length
from tests.simulator.live import live_simulator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company(live_server, settings, migrated):
    """The demo company on a live server, and a simulator that rings it."""
    with live_simulator(account_sid=SIMULATED_ACCOUNT, auth_token=settings.TWILIO_AUTH_TOKEN, speed=5) as live:
        settings.PUBLIC_BASE_URL = live_server.url
        settings.TWILIO_ACCOUNT_SID = SIMULATED_ACCOUNT
        settings.TWILIO_API_BASE_URL = live.url
        call_command("load_demo", verbosity=0)
        config = simulator_config()
        for number in config["numbers"]:
            live.simulator.add_number(number.pop("number"), **number)
        for phone in config["phones"]:
            live.simulator.add_phone(phone["address"], name=phone["name"])
        yield live


@pytest.fixture
def phones(page, company):
    page.goto(company.url)
    expect(phone(page, "Caller 1")).to_be_visible()
    return page


def phone(page, name):
    return page.get_by_role("article", name=name, exact=True)


def dial(page, name="Caller 1"):
    caller = phone(page, name)
    caller.get_by_role("button", name=re.compile("Main number")).click()
    expect(caller).to_contain_text("For English, press 1")
    return caller


def press(caller, key):
    caller.get_by_role("button", name=key, exact=True).click()


def say(caller, words):
    caller.get_by_role("combobox").fill(words)
    caller.get_by_role("combobox").press("Enter")


def refuse_recording(caller):
    expect(caller).to_contain_text("May we record the conversation")
    press(caller, "2")


def open_latest_call(page, live_server):
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill(load.username(ADMINISTRATOR))
    page.get_by_label("Password").fill(load.PASSWORD)
    page.get_by_role("button", name=re.compile("log in", re.IGNORECASE)).click()
    page.goto(f"{live_server.url}/admin/calls/call/?direction__exact=inbound")
    page.locator("#result_list tbody th a").first.click()


def test_a_caller_presses_a_wrong_key_is_silent_and_reaches_the_second_desk_by_a_word(phones, live_server):
    caller = dial(phones)
    press(caller, "1")
    expect(caller).to_contain_text("How can we help?")
    press(caller, "9")
    expect(caller).to_contain_text("Sorry, that is not one of the choices.")
    expect(caller).to_contain_text("Sorry, I did not hear anything.")
    say(caller, "I want to buy a bike")
    refuse_recording(caller)
    expect(phone(phones, "Sales desk")).to_contain_text("Incoming call")
    expect(phone(phones, "Shop floor")).to_contain_text("Incoming call")
    phone(phones, "Shop floor").get_by_role("button", name="Answer").click()
    expect(phone(phones, "Shop floor")).to_contain_text("Press 1 to take it")
    phones.keyboard.press("1")
    expect(caller.locator(".doing")).to_contain_text("bridged")
    phone(phones, "Shop floor").get_by_role("button", name="Hang up").click()
    expect(caller).to_contain_text("Thank you for calling. Goodbye.")
    expect(caller).to_contain_text("Call ended")
    assert phones.locator(".violation").count() == 0

    open_latest_call(phones, live_server)

    story = phones.locator("main, #content, #main").first
    for words in (
        "Language",
        "How can we help?",
        "Sorry, that is not one of the choices.",
        "I want to buy a bike",
        "Sales",
    ):
        expect(story).to_contain_text(words)


def test_a_caller_whom_nobody_answers_leaves_a_message_that_is_heard_in_the_admin(phones, live_server):
    caller = dial(phones)
    press(caller, "1")
    expect(caller).to_contain_text("How can we help?")
    press(caller, "1")
    refuse_recording(caller)
    expect(phone(phones, "Sales desk")).to_contain_text("Incoming call")
    expect(caller).to_contain_text("Please leave a message after the tone")
    expect(caller.locator(".doing")).to_contain_text("recording")
    say(caller, "Yes, please.")
    expect(caller).to_contain_text("Thank you for calling. Goodbye.")
    expect(caller).to_contain_text("Call ended")

    open_latest_call(phones, live_server)
    phones.goto(f"{live_server.url}/admin/recordings/voicemail/")

    player = phones.locator("audio").first
    expect(player).to_be_visible()
    assert length(player) > 0.5
