"""What lies on one side alone, with what can be done about it; and the comparisons that found it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from kombu.exceptions import OperationalError as BrokerAway
from unfold.decorators import display

from compliance.holds import Held
from compliance.origin import address_of
from retention import tasks
from retention.actions import findings
from retention.admin.page import Page, person, written
from retention.forms import NoteForm
from retention.models import Comparison, Finding
from retention.states import FindingState, Orphan

COLORS = {FindingState.OPEN: "warning", FindingState.KNOWN: "info", FindingState.SETTLED: "success"}
TONES = {"info": "plain", "success": "good", "warning": "warning"}
WORDS = {
    Orphan.FILE: gettext_lazy("A file in our storage that no recording and no text speaks of."),
    Orphan.ROW: gettext_lazy("A recording, or what somebody has texted, whose file our storage does not have."),
    Orphan.AT_TWILIO: gettext_lazy("A recording at Twilio that is not known here."),
    Orphan.STILL_AT_TWILIO: gettext_lazy("A recording that should be gone at Twilio, and is there."),
}


@admin.register(Finding)
class FindingAdmin(Page):
    list_display = ("found", "what", "name", "shown_state", "note")
    list_filter = ("state", "kind")
    list_select_related = ("recording", "media__message")
    list_per_page = 50
    ordering = ("state", "-found_at")
    search_fields = ("name",)

    @display(description=gettext_lazy("found"), ordering="found_at")
    def found(self, finding: Finding) -> str:
        return written(finding.found_at)

    @display(description=gettext_lazy("what"))
    def what(self, finding: Finding) -> Any:
        return WORDS[Orphan(finding.kind)]

    @display(description=gettext_lazy("state"), ordering="state", label=COLORS)
    def shown_state(self, finding: Finding) -> tuple[str, str]:
        return finding.state, finding.state

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_press_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("retention.change_finding"))

    def get_urls(self) -> list[URLPattern]:
        press = self.admin_site.admin_view(self.press_view)
        return [path("<int:finding>/do/<slug:verb>/", press, name="retention_finding_do"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *_rest: Any, **_more: Any) -> HttpResponseBase:
        finding = self.the_row(request, object_id)
        kind = Orphan(finding.kind)
        return self.shown(
            request,
            "finding",
            str(WORDS[kind]),
            original=finding,
            finding=finding,
            words=WORDS[kind],
            tone=TONES[COLORS[FindingState(finding.state)]],
            may_press=finding.state != FindingState.SETTLED and self.has_press_permission(request),
            may_fetch=kind is Orphan.AT_TWILIO or (kind is Orphan.ROW and bool(finding.recording or finding.media)),
            form=NoteForm(),
        )

    def press_view(self, request: HttpRequest, finding: int, verb: str) -> HttpResponseBase:
        """Do what one of the buttons says."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.the_row(request, finding)
        if not self.has_press_permission(request):
            raise PermissionDenied
        try:
            self._press(request, row, verb)
        except Held as held:
            messages.error(request, str(held))
        except findings.NotPossible as why:
            messages.warning(request, str(why))
        except BrokerAway:
            messages.error(request, _("The task could not be handed over: the broker does not answer."))
        return HttpResponseRedirect(reverse("admin:retention_finding_change", args=[finding]))

    def _press(self, request: HttpRequest, finding: Finding, verb: str) -> None:
        at, by, kind = timezone.now(), person(request), Orphan(finding.kind)
        match verb:
            case "delete":
                findings.delete(finding, by=by, address=address_of(request), at=at)
                if kind is Orphan.STILL_AT_TWILIO:
                    tasks.clear_again.delay(finding.pk)
                messages.success(request, _("It is deleted within a minute."))
            case "fetch" if kind is Orphan.AT_TWILIO:
                tasks.adopt.delay(finding.pk, by.pk)
                messages.success(request, _("Twilio is being asked. Reload in a moment to see the answer."))
            case "fetch":
                findings.fetch_again(finding, by=by, at=at)
                messages.success(request, _("It is fetched again within a minute."))
            case "known":
                form = NoteForm(request.POST)
                if not form.is_valid():
                    messages.error(request, _("Say why that is right."))
                    return
                findings.mark_known(finding, note=form.cleaned_data["note"], by=by)
                messages.success(request, _("Noted."))
            case _:
                raise PermissionDenied


@admin.register(Comparison)
class ComparisonAdmin(Page):
    list_display = ("began", "done", "files", "copies", "recordings", "trouble")
    list_per_page = 50
    ordering = ("-began_at",)
    fields = ("began_at", "until", "files", "copies", "recordings", "trouble", "done_at")

    @display(description=gettext_lazy("began"), ordering="began_at")
    def began(self, comparison: Comparison) -> str:
        return written(comparison.began_at)

    @display(description=gettext_lazy("done"), ordering="done_at")
    def done(self, comparison: Comparison) -> str:
        return written(comparison.done_at)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False
