"""A compliance officer's pages in a browser: by keyboard, without barriers, wide and narrow, and on paper."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from agents.roles import COMPLIANCE_OFFICER
from compliance.models import Hold, RetentionRule
from compliance.states import Kept
from recordings.models import Recording
from retention import certificate
from retention.actions import erasures, findings
from retention.certificate import Person, Section
from retention.models import Erasure, ErasureItem, Finding, Run
from retention.states import Orphan
from retention.things import Thing
from tests.agents.factories import user
from tests.browser.looking import barriers
from tests.compliance.keepers import CALLER, conversation, lift, make_hold, make_rule
from tests.live.serving import cookie_of
from tests.retention import rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer(migrated):
    return user(COMPLIANCE_OFFICER, username="olga", email="olga@company.example")


@pytest.fixture
def opened(officer, page, live_server):
    """A compliance officer's browser, which opens pages by their path."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.context.add_cookies([{"name": "sessionid", "value": cookie_of(officer), "url": live_server.url}])

    def open_page(path):
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    for hold in Hold.objects.active():  # while one is active no table is emptied
        lift(hold)
    assert complaints == []


def waiting_run() -> Run:
    return Run.objects.create(
        kind=Kept.RECORDING,
        days=30,
        words="All recordings go after 30 days.",
        fingerprint="-",
        state="waiting",
        before=timezone.now() - timedelta(days=30),
        planned=18204,
        oldest=timezone.now() - timedelta(days=900),
        held=12,
        planned_at=timezone.now(),
    )


def erasure_under_way(by) -> Erasure:
    erasure = erasures.ask(CALLER, reason="File 2026/112", by=by, address=None, at=timezone.now())
    for number, (kind, state, why) in enumerate(
        (
            (Thing.RECORDING, "checked", ""),
            (Thing.CALL, "held", "It is under the legal hold “Court 7”, and stays until that is lifted."),
            (Thing.TWILIO_CALL, "refused", "Twilio: 20009 (400): the call is not finished"),
            (Thing.MENTION, "kept", "It is set-up of this company, changed by hand where it is set."),
        )
    ):
        ErasureItem.objects.create(
            erasure=erasure, kind=kind, key=str(number), state=state, why=why, found_at=timezone.now()
        )
    Erasure.objects.filter(pk=erasure.pk).update(state="working", looks=1)
    return erasure


def finished_erasure(by) -> Erasure:
    erasure = erasures.ask("+14155550199", reason="File 2026/113", by=by, address=None, at=timezone.now())
    done = timezone.now()
    kinds = (Thing.RECORDING, Thing.CALL, Thing.TWILIO_CALL, Thing.TWILIO_MESSAGE)
    content = certificate.content(
        id=str(erasure.pk),
        person=Person(erasure.masked, erasure.digest, erasure.salt),
        reason=erasure.reason,
        asked_at=done,
        asked_by="olga",
        confirmed_at=done,
        confirmed_by="olga",
        done_at=done,
        looks=2,
        sections=[Section(kind, 3, 3, 3, went={"calls.CallEvent": 41, "mails": 1}, last_at=done) for kind in kinds],
    )
    Erasure.objects.filter(pk=erasure.pk).update(
        state="done", number="", certificate=content, sha256=certificate.seal(content), done_at=done
    )
    return erasure


def pages(officer) -> dict[str, str]:
    """Name every page of these, each with something to show."""
    talk = conversation()
    hold = make_hold(owner=officer, name="Court 7", review_at=timezone.localdate())
    rule = make_rule(Kept.RECORDING, 30)
    make_rule(Kept.CALL, 365, number="+15005550100")
    rows.recording(60)
    finding = Finding.objects.create(kind=Orphan.AT_TWILIO, name="RE" + "0" * 32, found_at=timezone.now())
    done = finished_erasure(officer)
    return {
        "holds": reverse("admin:compliance_hold_changelist"),
        "place": reverse("admin:compliance_hold_add") + f"?call={talk.customer.pk}",
        "hold": reverse("admin:compliance_hold_change", args=[hold.pk]),
        "rules": reverse("admin:compliance_retentionrule_changelist"),
        "rule": reverse("admin:compliance_retentionrule_change", args=[rule.pk]),
        "next": reverse("admin:compliance_retentionrule_next"),
        "delete-rule": reverse("admin:compliance_retentionrule_delete", args=[rule.pk]),
        "run": reverse("admin:retention_run_change", args=[waiting_run().pk]),
        "erase": reverse("admin:retention_erasure_add"),
        "erasure": reverse("admin:retention_erasure_change", args=[erasure_under_way(officer).pk]),
        "certificate": reverse("admin:retention_erasure_certificate", args=[done.pk]),
        "finding": reverse("admin:retention_finding_change", args=[finding.pk]),
        "recording": reverse("admin:recordings_recording_change", args=[talk.rows["recordings_recording"].pk]),
        "call": reverse("admin:calls_call_change", args=[talk.customer.pk]),
        "home": reverse("admin:index"),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1440])
def test_no_page_has_barriers_or_scrolls_sideways(opened, officer, scheme, width):
    found = {}
    for name, address in pages(officer).items():
        page = opened(address)
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        troubles = barriers(page)
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            troubles.append("scrolls sideways")
        if troubles:
            found[name] = troubles

    assert found == {}


def test_a_hold_is_placed_by_keyboard_after_a_look(opened, officer):
    conversation()
    page = opened(reverse("admin:compliance_hold_add"))

    page.get_by_label("Case").fill("Court 7")
    page.get_by_label("Reason").fill("The court asked for it.")
    page.get_by_label("Review on").fill("2099-01-01")
    page.get_by_label("The caller's number").fill("415 555 0123")
    page.get_by_label("The caller's number").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It would cover 2 calls, 1 recording")
    page.get_by_role("button", name="Place the hold").press("Enter")

    expect(page.get_by_role("heading", name="Court 7", exact=True)).to_be_visible()
    assert Hold.objects.get().caller == CALLER


def test_a_rule_is_previewed_and_saved(opened):
    rows.recording(60, announced_at=timezone.now() - timedelta(days=60))
    page = opened(reverse("admin:compliance_retentionrule_add"))

    page.get_by_label("What", exact=True).select_option("recording")
    page.get_by_label("Goes after so many days").fill("30")
    page.get_by_role("button", name="Show what it would remove").click()
    expect(page.get_by_role("status")).to_contain_text("All recordings go after 30 days.")
    page.get_by_role("button", name="Save the rule").click()

    expect(page.get_by_text("The rule is saved.")).to_be_visible()
    assert RetentionRule.objects.get().days == 30
    assert Recording.objects.kept().count() == 1


def test_a_finding_is_marked_as_right(opened):
    finding = Finding.objects.create(kind=Orphan.AT_TWILIO, name="RE1", found_at=timezone.now())
    page = opened(reverse("admin:retention_finding_change", args=[finding.pk]))

    page.get_by_label("Why that is right").fill("Of another application")
    page.get_by_label("Why that is right").press("Enter")

    expect(page.get_by_text("Noted.")).to_be_visible()
    finding.refresh_from_db()
    assert finding.state == findings.FindingState.KNOWN


def test_the_certificate_prints_without_what_is_for_screens(opened, officer):
    erasure = finished_erasure(officer)
    page = opened(reverse("admin:retention_erasure_certificate", args=[erasure.pk]))

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Certificate of erasure")).to_be_visible()
    expect(page.locator("nav")).to_be_hidden()
    expect(page.get_by_text(Erasure.objects.get(pk=erasure.pk).sha256)).to_be_visible()
