"""A programmer's pages in a browser: a subscription is made, tried and watched, a key is made; without barriers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from agents.models import User
from agents.roles import ADMINISTRATOR
from crm import sending
from crm.actions import keys, numbering
from crm.models import Delivery, Subscription
from tests.agents.factories import agent, user
from tests.browser.looking import barriers
from tests.crm.factories import make_subscription, note
from tests.crm.receiver import receiving
from tests.dialing.factories import attempt
from tests.live.serving import cookie_of
from tests.outbound.factories import make_order
from tests.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "http://127.0.0.1:9/a/very/long/address/that/goes/on/and/on/" + "0123456789" * 6


@pytest.fixture
def programmer(migrated) -> User:
    return user(ADMINISTRATOR, username="paula")


@pytest.fixture
def opened(programmer, page, live_server, settings):
    """A programmer's browser, which opens pages by their path."""
    settings.OUTGOING_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.context.add_cookies([{"name": "sessionid", "value": cookie_of(programmer), "url": live_server.url}])

    def open_page(path):
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    assert complaints == []


def deliver() -> None:
    numbering.number(at=timezone.now())
    sending.send_due(seconds=PATIENCE)


def pages(programmer) -> dict[str, str]:
    """Name every page of these, each with something to show."""
    subscription = make_subscription(programmer, LONG, types=["call.started", "call.ended", "offer.made"])
    off = make_subscription(
        programmer, name="Data warehouse with a name that is rather long", disabled_at=timezone.now()
    )
    for _ in range(3):
        note("call.ended")
    deliver()
    delivery = Delivery.objects.filter(subscription=subscription).earliest("position")
    key, _token = keys.make(
        programmer, name="CRM", scopes=["calls:read"], expires_at=timezone.now() + timedelta(days=3), at=timezone.now()
    )
    make_order(reference="A-1017", agent=agent())
    attempt(rule="hours", at=timezone.now())
    dialed = attempt(at=timezone.now())
    return {
        "subscriptions": reverse("admin:crm_subscription_changelist"),
        "subscribe": reverse("admin:crm_subscription_add"),
        "subscription": reverse("admin:crm_subscription_change", args=[subscription.pk]),
        "off": reverse("admin:crm_subscription_change", args=[off.pk]),
        "change": reverse("admin:crm_subscription_edit", args=[subscription.pk]),
        "remove": reverse("admin:crm_subscription_delete", args=[subscription.pk]),
        "deliveries": reverse("admin:crm_delivery_changelist"),
        "delivery": reverse("admin:crm_delivery_change", args=[delivery.pk]),
        "keys": reverse("admin:crm_key_changelist"),
        "key": reverse("admin:crm_key_change", args=[key.pk]),
        "make-key": reverse("admin:crm_key_add"),
        "orders": reverse("admin:outbound_order_changelist"),
        "limits": reverse("admin:dialing_limits_change", args=[1]),
        "attempts": reverse("admin:dialing_attempt_changelist"),
        "attempt": reverse("admin:dialing_attempt_change", args=[dialed.pk]),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_barriers_or_scrolls_sideways(opened, page, programmer, scheme):
    page.emulate_media(color_scheme=scheme)
    found = {}
    for name, address in pages(programmer).items():
        opened(address)
        troubles = []
        for width in (400, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            troubles += barriers(page)
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                troubles.append(f"scrolls sideways at {width}")
        if troubles:
            found[name] = troubles

    assert found == {}


def test_a_subscription_is_made_tried_rotated_and_removed(opened, programmer):
    with receiving() as receiver:
        receiver.answers.append((503, {"x-why": "asleep"}))
        page = opened(reverse("admin:crm_subscription_add"))
        page.get_by_label("Name").fill("CRM")
        page.get_by_label("Address").fill(receiver.url)
        page.get_by_label("call.ended").check()
        page.get_by_role("button", name="Subscribe").press("Enter")
        secret = page.locator(".subscription-secret").inner_text()
        assert barriers(page) == []
        page.get_by_role("link", name="I have copied it").click()

        page.get_by_label("An example of").select_option("call.ended")
        page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_text("The test is on its way.")).to_be_visible()
        deliver()
        page.reload()
        row = page.get_by_role("row", name="call.ended (test)")
        expect(row).to_contain_text("503")
        row.get_by_role("link").click()
        tried = page.get_by_role("region", name="Try 1")
        expect(tried).to_contain_text("The answer was 503.")
        expect(tried).to_contain_text("x-why: asleep")
        expect(tried).to_contain_text('"test": true')
        assert secret not in page.content()
        assert barriers(page) == []

        page.get_by_role("button", name="Send once more").click()
        expect(page.get_by_text("1 is sent once more.")).to_be_visible()
        deliver()
        page.reload()
        expect(page.locator(".cc-tag")).to_have_text("delivered")
        assert [came.event["type"] for came in receiver.came] == ["call.ended"] * 2

    page.get_by_role("link", name="CRM", exact=True).last.click()
    page.get_by_role("button", name="New secret").click()
    assert page.locator(".subscription-secret").inner_text() != secret
    expect(page.get_by_text("The one before signs too until")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("link", name="Remove", exact=True).click()
    page.get_by_role("button", name="Yes, I").click()
    expect(page.get_by_text("was deleted successfully")).to_be_visible()
    assert not Subscription.objects.exists()


def test_a_key_is_made_and_shown_once(opened, programmer):
    page = opened(reverse("admin:crm_key_add"))
    page.get_by_label("Name").fill("CRM")
    page.get_by_role("group", name="calls").get_by_label("read").check()
    page.get_by_role("button", name="Make the key").press("Enter")

    token = page.locator(".key-token").inner_text()
    assert token.startswith("cc_")
    assert barriers(page) == []
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("row", name="CRM")).to_be_visible()
    assert token not in page.content()
