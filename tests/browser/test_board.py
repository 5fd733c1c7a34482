"""The board in a browser, over the server that has the streams: news arrive by themselves, and keys are enough."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agents import actions as agents
from agents.models import Agent, Reason
from agents.states import Chosen
from conferences import actions as conferences
from queues import actions as queues
from tests.calls.factories import make_call
from tests.dashboard.board.company import Company
from tests.live.serving import cookie_of, cut_listeners, pages_and_streams

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company(migrated, settings):
    settings.CSRF_COOKIE_SECURE = False  # the server of this test speaks plain HTTP
    settings.SESSION_COOKIE_SECURE = False
    return Company(timezone.now())


@pytest.fixture
def board(company, page):
    """The supervisor's board, live; at the end nothing may have been refused or have failed in the page."""
    trouble = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    with pages_and_streams() as port:
        address = f"http://127.0.0.1:{port}"
        page.context.add_cookies([{"name": "sessionid", "value": cookie_of(company.supervisor), "url": address}])
        page.goto(f"{address}/board/")
        expect(page.locator("#link")).to_have_text("Live")
        yield page
        page.goto("about:blank")
    assert trouble == []


def test_who_begins_to_wait_appears_without_a_reload(company, board):
    expect(board.locator("#panel-waiting")).to_contain_text("Nobody waits.")

    Agent.objects.update(phone_registered=False)  # nobody is rung
    call = make_call(from_number="+14155550177")
    queues.join(company.orders.pk, call_id=call.pk, language="en-US", onward="", at=timezone.now())

    expect(board.locator("#panel-waiting")).to_contain_text("+1 415-555-0177")
    expect(board.locator("#panel-lines")).to_contain_text("Orders")


def test_a_lost_listener_is_told_and_nothing_is_missed(company, board):
    cut_listeners()
    expect(board.locator("#link")).to_contain_text("looking every 5 seconds")
    reason = Reason.objects.get(name="Lunch")
    agents.choose(company.ann.pk, Chosen.NOT_READY, reason=reason, by=company.ann.user, at=timezone.now())

    expect(board.locator("#link")).to_have_text("Live")
    expect(board.locator("#panel-people .row", has_text="Ann")).to_contain_text("Lunch")


def test_an_agent_is_set_to_a_pause_by_keys_alone(company, board):
    board.keyboard.press("4")
    expect(board.locator("#title-people")).to_be_focused()
    board.locator(f"#person-{company.ann.pk}").focus()
    board.keyboard.press("Enter")
    sheet = board.locator("#panel-person")
    expect(sheet).to_contain_text("Set how they stand")

    sheet.get_by_role("button", name="Lunch").focus()
    board.keyboard.press("Enter")
    expect(sheet.get_by_role("button", name="Lunch")).to_have_attribute("aria-pressed", "true")
    board.keyboard.press("Escape")

    expect(board.locator(f"#person-{company.ann.pk}")).to_be_focused()
    expect(board.locator("#panel-people .row", has_text="Ann")).to_contain_text("Lunch")
    expect(board.locator("#say-politely")).to_have_text(re.compile("Ann is set to not ready: Lunch"))


def test_what_a_press_came_to_is_told_though_the_panel_was_drawn_anew_meanwhile(company, board):
    def slowly(route):
        response = route.fetch()
        expect(board.locator("#panel-people .row", has_text="Ann")).to_contain_text("Lunch")
        expect(sheet.get_by_role("button", name="Lunch")).to_have_attribute("aria-pressed", "true")
        route.fulfill(response=response)

    board.locator(f"#person-{company.ann.pk}").click()
    sheet = board.locator("#panel-person")
    board.route("**/board/do/**", slowly)
    sheet.get_by_role("button", name="Lunch").click()

    expect(board.locator("#say-politely")).to_have_text(re.compile("Ann is set to not ready: Lunch"))


def test_a_call_for_help_comes_to_the_top_and_is_read_out(company, board):
    talk = company.talks(company.ann)

    conferences.ask_help(talk.pk, agent=company.ann, at=timezone.now())

    expect(board.locator("#panel-help")).to_contain_text("Ann")
    expect(board.locator("#say-politely")).to_have_text("Ann wants help.")
    board.get_by_role("button", name="Settled: Ann").click()
    expect(board.locator("#panel-help .cries")).to_have_count(0)


def test_from_afar_everything_fits_the_width_and_nothing_can_be_pressed(company, board):
    company.talks(company.ann)
    board.set_viewport_size({"width": 1920, "height": 1080})

    board.goto(board.url + "?tv=1")

    expect(board.locator("#panel-talks")).to_contain_text("Ann")
    expect(board.locator("main button")).to_have_count(0)
    assert board.evaluate("document.documentElement.scrollWidth <= innerWidth")
