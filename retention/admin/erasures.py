"""Erasing a person: asked for, looked at, confirmed by the number typed once more; and the certificate."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from kombu.exceptions import OperationalError as BrokerAway
from unfold.decorators import display

from calls.ends import shown_to
from compliance.origin import address_of
from contacts.models import Contact
from retention import certificate, tasks
from retention.actions import erasures
from retention.admin.page import Page, person, written
from retention.forms import ConfirmForm, ContactErasureForm, ErasureForm
from retention.models import Erasure
from retention.states import ErasureState, ItemState
from retention.things import ORDER, Thing

COLORS = {
    ErasureState.LOOKING: "info",
    ErasureState.FOUND: "warning",
    ErasureState.WORKING: "info",
    ErasureState.CHECKING: "info",
    ErasureState.DONE: "success",
    ErasureState.DROPPED: "info",
}
TONES = {"info": "plain", "success": "good", "warning": "warning"}
WORDS = {
    ErasureState.LOOKING: gettext_lazy("It looks for what is known of the number, here and at Twilio."),
    ErasureState.FOUND: gettext_lazy("Nothing is erased yet. Look at what was found, and type the number to go on."),
    ErasureState.WORKING: gettext_lazy("It erases, item by item. What is refused or held is tried again."),
    ErasureState.CHECKING: gettext_lazy("It looks once more whether all is gone, and what came meanwhile."),
    ErasureState.DONE: gettext_lazy("Done. The number is forgotten; the certificate says what went and what remains."),
    ErasureState.DROPPED: gettext_lazy("Dropped before anything was erased."),
}
SHOWN = 50


@admin.register(Erasure)
class ErasureAdmin(Page):
    list_display = ("asked", "masked", "reason", "shown_state", "asked_by", "done")
    list_filter = ("state",)
    list_select_related = ("asked_by",)
    list_per_page = 50
    ordering = ("-asked_at",)
    search_fields = ("reason",)

    @display(description=gettext_lazy("asked for"), ordering="asked_at")
    def asked(self, erasure: Erasure) -> str:
        return written(erasure.asked_at)

    @display(description=gettext_lazy("state"), ordering="state", label=COLORS)
    def shown_state(self, erasure: Erasure) -> tuple[str, str]:
        return erasure.state, erasure.state

    @display(description=gettext_lazy("done"), ordering="done_at")
    def done(self, erasure: Erasure) -> str:
        return written(erasure.done_at)

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_press_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("retention.change_erasure"))

    def get_urls(self) -> list[URLPattern]:
        def of_row(view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            shown = self.admin_site.admin_view(view)
            return path(f"<uuid:erasure>/{name}", shown, name=f"retention_erasure_{name.partition('.')[0].strip('/')}")

        return [
            path(
                "<uuid:erasure>/do/<slug:verb>/",
                self.admin_site.admin_view(self.press_view),
                name="retention_erasure_do",
            ),
            of_row(self.paper_view, "certificate/"),
            of_row(self.json_view, "json/"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, *_rest: Any, **_more: Any) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "contact" in request.GET:
            return self._add_for_contact(request)
        form = ErasureForm(request.POST or None, initial={"number": request.GET.get("number", "")})
        if request.method == "POST" and form.is_valid():
            try:
                erasure = erasures.ask(
                    form.cleaned_data["number"],
                    reason=form.cleaned_data["reason"],
                    by=person(request),
                    address=address_of(request),
                    at=timezone.now(),
                )
            except erasures.NoNumber:
                form.add_error("number", _("This is no number that could be rung."))
            except erasures.AlreadyAsked:
                form.add_error("number", _("This number is being erased already."))
            else:
                _hurry(erasure)
                return HttpResponseRedirect(reverse("admin:retention_erasure_change", args=[erasure.pk]))
        return self.shown(request, "erasure_form", _("Erase a person"), form=form)

    def _add_for_contact(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for the erasure of all numbers of a contact: each is looked for, and confirmed, by itself."""
        contact_id = _uuid(request.GET["contact"])
        contact = Contact.objects.filter(pk=contact_id).first() if contact_id else None
        if contact is None:
            raise PermissionDenied
        form = ContactErasureForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                asked, already = erasures.ask_for_contact(
                    contact.pk,
                    reason=form.cleaned_data["reason"],
                    by=person(request),
                    address=address_of(request),
                    at=timezone.now(),
                )
            except erasures.NoNumber:
                form.add_error(None, _("This contact has no number: nothing else can be known of it. Delete it."))
            else:
                for erasure in asked:
                    _hurry(erasure)
                if already:
                    messages.info(request, _("A number of this contact is being erased already."))
                return HttpResponseRedirect(reverse("admin:retention_erasure_changelist"))
        show = shown_to(request.user)
        numbers = [show(one.number) for one in contact.numbers.order_by("pk")]
        return self.shown(request, "erasure_form", _("Erase a person"), form=form, contact=contact, numbers=numbers)

    def change_view(self, request: HttpRequest, object_id: str, *_rest: Any, **_more: Any) -> HttpResponseBase:
        erasure = self.the_row(request, object_id)
        state = ErasureState(erasure.state)
        return self.shown(
            request,
            "erasure",
            _("Erasure of %(number)s") % {"number": erasure.masked},
            original=erasure,
            erasure=erasure,
            words=WORDS[state],
            tone=TONES[COLORS[state]],
            table=_table(erasure),
            states=list(ItemState),
            stuck=_stuck(erasure),
            may_press=self.has_press_permission(request),
            is_found=state is ErasureState.FOUND,
            may_drop=state in (ErasureState.FOUND, ErasureState.LOOKING),
            form=ConfirmForm(),
        )

    def press_view(self, request: HttpRequest, erasure: Any, verb: str) -> HttpResponseBase:
        """Do what one of the buttons says."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.the_row(request, erasure)
        if not self.has_press_permission(request):
            raise PermissionDenied
        given: dict[str, Any] = {"by": person(request), "address": address_of(request), "at": timezone.now()}
        try:
            match verb:
                case "confirm":
                    erasures.confirm(row, typed=request.POST.get("number", ""), **given)
                case "drop":
                    erasures.drop(row, **given)
                case "look":
                    erasures.look_again(row, at=given["at"])
                case _:
                    raise PermissionDenied
        except erasures.OtherNumber:
            messages.error(request, _("This is not the number that was asked for. Nothing is erased."))
        except erasures.NotNow:
            messages.warning(request, _("It is not where that could be done any more."))
        else:
            _hurry(row)
        return HttpResponseRedirect(reverse("admin:retention_erasure_change", args=[erasure]))

    def paper_view(self, request: HttpRequest, erasure: Any) -> HttpResponseBase:
        """Show the certificate as a page to print."""
        row = self.the_row(request, erasure)
        if row.certificate is None:
            raise PermissionDenied
        things = [
            thing | {"how": thing["how checked"], "went": _named(thing["went"])} for thing in row.certificate["things"]
        ]
        context = {"erasure": row, "paper": row.certificate, "things": things}
        return TemplateResponse(request, "admin/retention/certificate.html", context)

    def json_view(self, request: HttpRequest, erasure: Any) -> HttpResponseBase:
        """Give the certificate as a file. Its content in canonical form is what is sealed."""
        row = self.the_row(request, erasure)
        if row.certificate is None:
            raise PermissionDenied
        whole = {"content": row.certificate, "sha256": row.sha256, "sealed": "sha256 of the content in canonical JSON"}
        return HttpResponse(
            json.dumps(whole, indent=2, ensure_ascii=False),
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="erasure-{row.pk}.json"'},
        )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _named(went: dict[str, int]) -> list[tuple[str, int]]:
    """Call tables by what they hold."""
    return [(str(apps.get_model(label)._meta.verbose_name_plural), count) for label, count in went.items()]


def _table(erasure: Erasure) -> list[tuple[str, list[int], int]]:
    """Count the items by their kind and state."""
    counts: dict[str, dict[str, int]] = {}
    for row in erasure.items.order_by().values("kind", "state").annotate(count=Count("pk")):
        counts.setdefault(row["kind"], {})[row["state"]] = row["count"]
    return [
        (certificate.NAMES[thing], [counts[thing].get(state, 0) for state in ItemState], sum(counts[thing].values()))
        for thing in Thing
        if thing in counts
    ]


def _stuck(erasure: Erasure) -> list[dict[str, Any]]:
    """Tell what is still there and why: what is alike as one line, with how many and when the first is tried again."""
    rows = erasure.items.filter(state__in=[ItemState.REFUSED, ItemState.HELD, ItemState.KEPT]).order_by("kind", "why")
    alike = rows.values("kind", "state", "why", "hold").annotate(count=Count("pk"), retry_at=Min("retry_at"))
    lines = [row | {"what": certificate.NAMES[Thing(row["kind"])]} for row in alike[:SHOWN]]
    return sorted(lines, key=lambda line: ORDER[Thing(line["kind"])])


def _hurry(erasure: Erasure) -> None:
    try:
        tasks.erase.delay(str(erasure.pk))
    except BrokerAway:  # then the sweep goes on with it
        return
