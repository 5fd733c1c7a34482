"""The first page of the admin: what each line does now, what happened lately, and what needs somebody."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.models import User
from calls.ends import shown_to
from calls.models import Call
from crm.models import Subscription
from ivr import attention as flows
from ivr.admin import closing
from ivr.admin.asking import ask
from ivr.admin.now import describe
from ivr.hours import attention as hours
from ivr.models import Line
from queues.models import Callback
from queues.states import CallbackState
from recordings.models import Recording, Voicemail
from recordings.states import VoicemailStatus
from retention import attention
from telephony import numbers
from telephony.models import Delivery

SHOWN = 8


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the home page what this person may see."""
    may = request.user.has_perm
    lines = _lines() if may("ivr.view_line") else []
    context |= {
        "title": _("Home"),
        "lines": lines,
        "calls": _calls(request) if may("calls.view_call") else [],
        "voicemails": _voicemails(request.user) if may("recordings.view_voicemail") else [],
        "problems": [*_troubles(lines), *_problems(request), *_needed(request.user)],
        "simulator": settings.SIMULATOR_URL,
        "closures": closing.lasting(request) if isinstance(request.user, User) else [],
        "may_close": may(closing.MAY_CLOSE),
        "may": {
            "calls": may("calls.view_call"),
            "lines": may("ivr.view_line"),
            "voicemails": may("recordings.view_voicemail"),
        },
    }
    if lines:
        context |= ask(request, [entry["line"] for entry in lines])
    return context


def _lines() -> list[dict[str, Any]]:
    rows = list(Line.objects.order_by("name").select_related("flow__published").defer("flow__published__document"))
    found = describe(rows, at=now())
    return [{"line": line, "number": _address(line.address), "now": found[line.pk]} for line in rows]


def _address(address: str) -> str:
    return _("all other numbers") if address == "*" else numbers.show(address)


def _calls(request: HttpRequest) -> list[dict[str, Any]]:
    shown = shown_to(request.user)
    rows = Call.objects.filter(parent__isnull=True).order_by("-started_at")[:SHOWN]
    return [{"call": call, "from": shown(call.from_number), "to": shown(call.to_number)} for call in rows]


def _voicemails(user: object) -> list[Voicemail]:
    if not isinstance(user, User):
        return []
    rows = Voicemail.objects.visible_to(user).filter(status=VoicemailStatus.NEW).order_by("-left_at")
    return list(rows.select_related("mailbox")[:SHOWN])


def _troubles(lines: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [
        {
            "text": f"{entry['line'].name}: {entry['now'].trouble}.",
            "url": reverse("admin:ivr_line_change", args=[entry["line"].pk]),
        }
        for entry in lines
        if entry["now"].trouble
    ]


def _needed(user: object) -> list[dict[str, str]]:
    if not isinstance(user, User):
        return []
    return [*hours.needed(user, at=now()), *flows.needed(user), *attention.needed(user)]


def _problems(request: HttpRequest) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    if request.user.has_perm("telephony.view_delivery"):
        lately = now() - timedelta(days=1)
        failed = Delivery.objects.filter(state=Delivery.State.FAILED, received_at__gte=lately).count()
        if failed:
            words = ngettext("%d request from Twilio failed", "%d requests from Twilio failed", failed) % failed
            url = f"{reverse('admin:telephony_delivery_changelist')}?state__exact={Delivery.State.FAILED}"
            found.append({"text": _("%(what)s within a day.") % {"what": words}, "url": url})
    if isinstance(request.user, User) and request.user.has_perm("queues.view_callback"):
        owed = Callback.objects.visible_to(request.user).owed().count()
        if owed:
            words = ngettext("%d callback did not come about", "%d callbacks did not come about", owed) % owed
            url = f"{reverse('admin:queues_callback_changelist')}?state__exact={CallbackState.EXPIRED}"
            found.append({"text": _("%(what)s, and nobody looks after that.") % {"what": words}, "url": url})
    if isinstance(request.user, User) and request.user.has_perm("crm.view_subscription"):
        given_up = Subscription.objects.visible_to(request.user).given_up()
        for subscription in given_up.order_by("disabled_at")[:SHOWN]:
            text = _("%(name)s receives no events any more.") % {"name": subscription.name}
            url = reverse("admin:crm_subscription_change", args=[subscription.pk])
            found.append({"text": f"{text} {subscription.disabled_because}", "url": url})
    if request.user.has_perm("recordings.view_recording"):
        failing, stuck = Recording.objects.failing().count(), Recording.objects.stuck().count()
        changelist = reverse("admin:recordings_recording_changelist")
        if stuck:
            words = ngettext("%d recording needs somebody", "%d recordings need somebody", stuck) % stuck
            text = _("%(what)s: what comes next has failed again and again.") % {"what": words}
            found.append({"text": text, "url": f"{changelist}?failing=stuck"})
        if again := failing - stuck:
            words = ngettext("%d recording has failed", "%d recordings have failed", again) % again
            text = _("%(what)s on the way; it is tried again.") % {"what": words}
            found.append({"text": text, "url": f"{changelist}?failing=again"})
    return found
