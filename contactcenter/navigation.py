"""The admin's menu: what a person may see, in the words and the order of their work."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recordings.search.reading import may_search

SECTIONS = (
    (
        _("What callers meet"),
        (
            ("ivr.Line", _("Lines"), "call"),
            ("ivr.Flow", _("Flows"), "account_tree"),
            ("ivr.Prompt", _("Prompts"), "chat"),
            ("admin:ivr_prompt_table", _("Prompts by language"), "translate"),
            ("ivr.Audio", _("Sounds"), "volume_up"),
            ("ivr.Schedule", _("Opening hours"), "schedule"),
            ("close", _("Close now"), "block"),
            ("ivr.Closure", _("Who closed when"), "history"),
            ("ivr.Source", _("Sources to ask"), "dns"),
        ),
    ),
    (
        _("Queues"),
        (
            ("queues.Queue", _("Queues"), "hourglass_top"),
            ("queues.Disposition", _("Dispositions"), "label"),
            ("queues.Entry", _("Who waited"), "group_search"),
        ),
    ),
    (
        _("Contacts"),
        (
            ("contacts.Contact", _("Contacts"), "contacts"),
            ("contacts.OptOut", _("Opt-outs"), "do_not_disturb_on"),
            ("contacts.System", _("Other systems"), "hub"),
        ),
    ),
    (
        _("Texts"),
        (
            ("messaging.Thread", _("Conversations by text"), "forum"),
            ("messaging.Message", _("All texts"), "sms"),
            ("messaging.Keyword", _("Words and answers"), "quickreply"),
            ("messaging.FallbackRule", _("Texts in place of calls"), "sms_failed"),
            ("messaging.Sender", _("Numbers for texts"), "send_to_mobile"),
        ),
    ),
    (
        _("Calls out"),
        (
            ("outbound.Order", _("Orders"), "phone_forwarded"),
            ("dialing.Attempt", _("Who was dialed"), "call_made"),
            ("dialing.Limits", _("Limits"), "speed"),
        ),
    ),
    (
        _("What happened"),
        (
            ("calls.Call", _("Calls"), "phone_in_talk"),
            ("conferences.Conference", _("Conversations"), "groups"),
            ("recordings.Voicemail", _("Voicemail"), "voicemail"),
            ("recordings.MissedCall", _("Missed calls"), "phone_missed"),
            ("queues.Callback", _("Callbacks"), "phone_callback"),
            ("recordings.Recording", _("Recordings"), "mic"),
            ("recording-search", _("Search transcripts"), "manage_search"),
        ),
    ),
    (
        _("Compliance"),
        (
            ("compliance.Policy", _("Recording policies"), "policy"),
            ("compliance.Consent", _("Who agreed"), "how_to_reg"),
            ("compliance.AccessEntry", _("Access log"), "visibility"),
            ("compliance.Hold", _("Legal holds"), "gavel"),
            ("compliance.RetentionRule", _("Retention rules"), "auto_delete"),
            ("retention.Run", _("Runs of the rules"), "delete_sweep"),
            ("retention.Erasure", _("Erasures"), "person_remove"),
            ("retention.Finding", _("Orphans"), "help_center"),
            ("retention.Comparison", _("Comparisons"), "compare_arrows"),
        ),
    ),
    (
        _("People"),
        (
            ("agents.Agent", _("Agents"), "headset_mic"),
            ("agents.Team", _("Teams"), "groups"),
            ("agents.Skill", _("Skills"), "school"),
            ("agents.Reason", _("Reasons for a pause"), "free_breakfast"),
            ("agents.PresenceChange", _("Presence"), "timeline"),
            ("agents.User", _("Accounts"), "group"),
            ("auth.Group", _("Roles"), "badge"),
        ),
    ),
    (
        _("Set-up"),
        (
            ("recordings.Mailbox", _("Mailboxes"), "inbox"),
            ("conferences.Room", _("Conference rooms"), "meeting_room"),
            ("telephony.PhoneNumber", _("Phone numbers"), "dialpad"),
            ("telephony.Delivery", _("Requests from Twilio"), "receipt_long"),
            ("crm.Subscription", _("Subscriptions to events"), "webhook"),
            ("crm.Delivery", _("Events sent"), "outgoing_mail"),
            ("crm.Key", _("API keys"), "key"),
        ),
    ),
)

# Pages that are no list of rows, and who may open them.
PAGES: dict[str, Callable[[Any], bool]] = {
    "recording-search": may_search,
    "close": lambda user: user.has_perm("ivr.close_now"),
    "admin:ivr_prompt_table": lambda user: user.has_perm("ivr.view_prompt"),
}


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """Give unfold the menu of this person."""
    first = [{"title": _("Home"), "icon": "home", "link": reverse("admin:index")}]
    if settings.SIMULATOR_URL:
        first.append({"title": _("Simulator"), "icon": "smartphone", "link": settings.SIMULATOR_URL})
    rest = [
        {
            "title": title,
            "separator": True,
            "items": [_item(*entry) for entry in entries if _may_see(request, entry[0])],
        }
        for title, entries in SECTIONS
    ]
    return [{"items": first}, *(section for section in rest if section["items"])]


def _may_see(request: HttpRequest, label: str) -> bool:
    if label in PAGES:
        return PAGES[label](request.user)
    model = apps.get_model(label)
    return admin.site.is_registered(model) and request.user.has_perm(
        f"{model._meta.app_label}.view_{model._meta.model_name}"
    )


def _item(label: str, title: Promise | str, icon: str) -> dict[str, Any]:
    page = label if label in PAGES else f"admin:{label.lower().replace('.', '_')}_changelist"
    item: dict[str, Any] = {"title": title, "icon": icon, "link": reverse(page)}
    below = [reverse(one) for one in PAGES if reverse(one).startswith(item["link"]) and one != page]
    if below:  # a page with an entry of its own
        item["active"] = lambda request: (
            _is_at(request, item["link"]) and not any(_is_at(request, one) for one in below)
        )
    return item


def _is_at(request: HttpRequest, link: str) -> bool:
    return bool(request.path.startswith(link))
