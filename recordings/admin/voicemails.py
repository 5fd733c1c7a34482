"""The work list of voicemails and missed calls, the page of one voicemail, and what is pressed on them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias, TypeVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agents.actions import Busy
from agents.models import Agent, User
from calls.ends import shown_to, text_shown_to
from compliance.origin import address_of
from dialing.actions import NotPermitted
from queues.actions.callbacks import NotCallable
from recordings import actions, listenings, rights, telling, worklist
from recordings.actions import Listener
from recordings.actions.working import WORK
from recordings.admin.rows import STATUS_COLORS, TONES, Played, length_of
from recordings.models import Mailbox, Voicemail
from recordings.states import VoicemailStatus
from recordings.worklist import PAGE, Asked, Held, Seen, Status

Choice = TypeVar("Choice", bound=StrEnum)

STATUSES = {
    Status.OPEN: _("open"),
    Status.NEW: _("not heard yet"),
    Status.HEARD: _("heard, not done"),
    Status.DONE: _("done"),
}
HOLDERS = {Held.ANYBODY: _("anybody"), Held.ME: _("me"), Held.NOBODY: _("nobody")}


class Press(NamedTuple):
    """What somebody presses about a row: who, and the colleague whom they named."""

    seen: Seen
    by: User
    to: User | None
    at: datetime


Verb: TypeAlias = Callable[[Press], Any]


def _assign(press: Press) -> None:
    if press.to is None:
        raise actions.NotAMember(_("Choose a colleague first."))
    actions.assign(press.seen, to=press.to)


def _call_back(press: Press) -> None:
    agent = Agent.objects.observed().filter(user=press.by).first()
    if agent is None:
        raise actions.NoPhone
    actions.call_back(press.seen, agent=agent, at=press.at)


VERBS: Mapping[str, Verb] = {
    "take": lambda press: actions.take(press.seen, by=press.by),
    "release": lambda press: actions.release(press.seen),
    "assign": _assign,
    "take-over": lambda press: actions.assign(press.seen, to=press.by),
    "done": lambda press: actions.finish(press.seen, by=press.by, at=press.at),
    "reopen": lambda press: actions.reopen(press.seen),
    "call": _call_back,
}


@admin.register(Voicemail)
class VoicemailAdmin(Played):
    change_form_template = "admin/recordings/voicemail/change_form.html"
    change_list_template = "admin/recordings/voicemail/worklist.html"

    def has_work_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(WORK)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("do/", view(self.work_view), name="recordings_voicemail_work"),
            path("<uuid:voicemail>/mark/<slug:status>/", view(self.mark_view), name="recordings_voicemail_mark"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Show the work list of the mailboxes that this person sees."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        user, at = _person(request), timezone.now()
        mailboxes = list(Mailbox.objects.visible_to(user).order_by("name").distinct())
        asked = _asked(request)
        keys = [one.pk for one in mailboxes]
        page = worklist.read(user, asked, mailboxes=keys, at=at)
        actions.note_listed(page.readable, listener=Listener(user, address_of(request)), at=at)
        context = {
            **self._shared(request, at),
            "title": _("Voicemail and missed calls"),
            "asked": asked,
            "page": page,
            "pages": max(-(-page.total // PAGE), 1),
            "mailboxes": mailboxes,
            "languages": [(code, telling.language_name(code)) for code in worklist.languages(keys)],
            "statuses": STATUSES.items(),
            "holders": HOLDERS.items(),
            "colleagues": sorted({one for row in page.rows for one in row.workers}, key=str),
        }
        return TemplateResponse(request, self.change_list_template, context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, _form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        voicemail = self.get_object(request, object_id)
        if voicemail is None:
            missing: HttpResponseBase = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return missing
        if not self.has_view_permission(request, voicemail):
            raise PermissionDenied
        user, at = _person(request), timezone.now()
        row = worklist.row_of(user, voicemail, at=at)
        hearing = rights.hearing(user, voicemail.recording, at=at)
        single = worklist.single(user, voicemail.pk, may_read=hearing.may_read)
        transcript = single.said.transcript
        if transcript is not None:
            listener = Listener(user, address_of(request), reason=hearing.reason)
            actions.note_read(voicemail.recording, transcript, listener=listener, at=at)
        hide = text_shown_to(user)
        context = {
            **self._shared(request, at),
            "original": voicemail,
            "voicemail": voicemail,
            "row": row,
            "single": single,
            "segments": [one | {"text": hide(one["text"])} for one in transcript.segments] if transcript else [],
            "title": _("Voicemail in %(mailbox)s") % {"mailbox": voicemail.mailbox},
            "caller": shown_to(user)(voicemail.call.other_end) if voicemail.call else "",
            "language": telling.language_name(voicemail.language) if voicemail.language else "",
            "tone": TONES[STATUS_COLORS[voicemail.status]],
            "length": length_of(voicemail.recording.seconds),
            "accesses": listenings.listenings(voicemail.recording_id),
        }
        return TemplateResponse(request, self.change_form_template, context | (extra_context or {}))

    def work_view(self, request: HttpRequest) -> HttpResponseBase:
        """Do what was pressed with one row, or with those that were chosen, and go back to where that was."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_work_permission(request):
            raise PermissionDenied
        verb, _space, one = request.POST.get("press", "").partition(" ")
        if verb not in VERBS:
            raise PermissionDenied
        user, at = _person(request), timezone.now()
        to = request.POST.get("to", "")
        colleague = User.objects.filter(pk=to).first() if to.isascii() and to.isdigit() and len(to) < 10 else None
        mailboxes = list(Mailbox.objects.visible_to(user).values_list("pk", flat=True))
        done = 0
        for text in [one] if one else request.POST.getlist("row"):
            seen = worklist.find(text, mailboxes=mailboxes)
            if seen is None:
                messages.warning(request, _("That message is not there any more."))
            elif refusal := _refusal(VERBS[verb], Press(seen, user, colleague, at)):
                messages.warning(request, refusal)
            else:
                done += 1
        if done:
            messages.success(request, _told(verb, done, colleague))
        return HttpResponseRedirect(_where_from(request))

    def mark_view(self, request: HttpRequest, voicemail: Any, status: str) -> HttpResponseBase:
        """Mark one voicemail as new or as heard."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found = self.get_queryset(request).filter(pk=voicemail).first()
        if not self.has_work_permission(request) or found is None:
            raise PermissionDenied
        try:
            actions.mark(found, status=VoicemailStatus(status), by=_person(request), at=timezone.now())
        except (actions.Impossible, ValueError):
            text = _("A voicemail that is %(status)s cannot become that.")
            messages.warning(request, text % {"status": found.status})
        return HttpResponseRedirect(reverse("admin:recordings_voicemail_change", args=[voicemail]))

    def _shared(self, request: HttpRequest, at: datetime) -> dict[str, Any]:
        """Give what both pages need to know: who looks, and what they may press."""
        agent = Agent.objects.observed().filter(user=request.user.pk or 0).first()
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "may_work": self.has_work_permission(request),
            "is_agent": agent is not None,
            "has_phone": agent is not None and agent.endpoint_to_ring(at) is not None,
        }


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the admin lets nobody else in
    return request.user


def _asked(request: HttpRequest) -> Asked:
    """Read what the address asks for; nonsense asks for nothing."""
    given = request.GET
    mailbox, page = given.get("mailbox", ""), given.get("page", "")
    return Asked(
        mailbox=int(mailbox) if mailbox.isascii() and mailbox.isdigit() and len(mailbox) < 18 else None,
        status=_choice(Status, given.get("status", ""), Status.OPEN),
        held=_choice(Held, given.get("held", ""), Held.ANYBODY),
        language=given.get("language", "")[:16],
        oldest_first=given.get("order", "") == "oldest",
        searched=given.get("q", "").replace("\0", "")[:80],
        page=max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def _choice(kind: type[Choice], text: str, otherwise: Choice) -> Choice:
    return kind(text) if text in set(kind) else otherwise


def _where_from(request: HttpRequest) -> str:
    """Give the page on which something was pressed: that of a voicemail, or the list as it was asked for."""
    back = request.POST.get("back", "")
    if back:
        try:
            return reverse("admin:recordings_voicemail_change", args=[UUID(back)])
        except ValueError:
            pass  # nonsense leads to the list
    query = request.GET.urlencode()
    address = reverse("admin:recordings_voicemail_changelist")
    return f"{address}?{query}" if query else address


def _refusal(verb: Verb, press: Press) -> str:
    """Do it, and give in words why it could not be done; empty where it was."""
    who = press.seen.message.mailbox
    try:
        verb(press)
    except actions.Taken as taken:
        return _("%(mailbox)s: %(who)s looks after it.") % {"mailbox": who, "who": taken}
    except actions.BeingCalled as busy:
        return _("%(who)s is calling that number right now.") % {"who": busy}
    except actions.NoPhone:
        return str(_("You have no phone that can ring now: open your desk."))
    except Busy:
        return str(_("You are on a call, or are being rung."))
    except (actions.Settled, actions.NotAMember, NotCallable, NotPermitted) as refused:
        return str(refused)
    return ""


def _told(verb: str, done: int, colleague: User | None) -> str:
    match verb:
        case "call":
            return str(_("Your phone rings. When you have picked up, the number is rung."))
        case "take" | "take-over":
            text = ngettext("You look after %d caller more.", "You look after %d callers more.", done)
        case "release":
            text = ngettext("%d caller is everybody's again.", "%d callers are everybody's again.", done)
        case "assign":
            text = ngettext("%d caller was passed on", "%d callers were passed on", done)
            return f"{text % done}: {colleague}."
        case "reopen":
            text = ngettext("%d caller is open again.", "%d callers are open again.", done)
        case _:
            text = ngettext(
                "%d caller is done. Under “done” it can be opened again.",
                "%d callers are done. Under “done” they can be opened again.",
                done,
            )
    return text % done
