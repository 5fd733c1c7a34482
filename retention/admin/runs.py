"""Runs of the rules: what went when and by which rule; large first ones wait for somebody who types their number."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from kombu.exceptions import OperationalError as BrokerAway
from unfold.decorators import display

from compliance.origin import address_of
from recordings.models import Recording
from retention import tasks
from retention.actions import runs
from retention.admin.page import Page, person, written
from retention.forms import TypedForm
from retention.models import Run
from retention.states import RunState

COLORS = {RunState.WAITING: "warning", RunState.RUNNING: "info", RunState.DONE: "success", RunState.VOID: "info"}
TONES = {"info": "plain", "success": "good", "warning": "warning"}


@admin.register(Run)
class RunAdmin(Page):
    list_display = ("planned_on", "words", "shown_state", "planned", "removed", "held", "approved_by")
    list_filter = ("state", "kind")
    list_select_related = ("approved_by",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-planned_at",)

    @display(description=gettext_lazy("planned"), ordering="planned_at")
    def planned_on(self, run: Run) -> str:
        return written(run.planned_at)

    @display(description=gettext_lazy("state"), ordering="state", label=COLORS)
    def shown_state(self, run: Run) -> tuple[str, str]:
        return run.state, run.state

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("retention.approve_run"))

    def get_urls(self) -> list[URLPattern]:
        approve = self.admin_site.admin_view(self.approve_view)
        return [path("<int:run>/approve/", approve, name="retention_run_approve"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *_rest: Any, **_more: Any) -> HttpResponseBase:
        run = self.the_row(request, object_id)
        waits = run.state == RunState.WAITING
        return self.shown(
            request,
            "run",
            run.words,
            original=run,
            run=run,
            tone=TONES[COLORS[RunState(run.state)]],
            left=Recording.objects.purging().filter(deleted_for=f"run {run.pk}").count(),
            may_approve=waits and self.has_approve_permission(request),
            form=TypedForm(),
        )

    def approve_view(self, request: HttpRequest, run: int) -> HttpResponseBase:
        """Let a waiting run begin, for who types how much it would remove."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.the_row(request, run)
        if not self.has_approve_permission(request):
            raise PermissionDenied
        form = TypedForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Type the number, in digits."))
        else:
            self._approve(request, row, form.cleaned_data["typed"])
        return HttpResponseRedirect(reverse("admin:retention_run_change", args=[run]))

    def _approve(self, request: HttpRequest, run: Run, typed: int) -> None:
        try:
            runs.approve(run, typed=typed, by=person(request), address=address_of(request), at=timezone.now())
        except runs.OtherNumber as other:
            words = ngettext("It would remove %d item by now.", "It would remove %d items by now.", other.count)
            messages.error(request, words % other.count)
        except runs.NotWaiting:
            messages.warning(request, _("It does not wait any more: its rule has changed, or somebody was first."))
        else:
            messages.success(request, _("It begins within a minute."))
            _hurry(run)


def _hurry(run: Run) -> None:
    try:
        tasks.carry_out.delay(run.pk)
    except BrokerAway:  # then the sweep begins it
        return
