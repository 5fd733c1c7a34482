"""Queues: how callers are served, by whom, and who could take a call right now and why not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from agents.models import User
from queues import facts, floor, statistics
from queues.matching import Candidate, Waiting, explain, obstacles
from queues.models import Disposition, Membership, Queue, QueueSkill
from queues.signals import line_changed
from queues.states import EntryState
from telephony import numbers

HELP = {
    "order": _("Who is rung first among members of the same priority."),
    "several": _("Only where several are rung at once."),
    "priority": _("Points that each caller of this queue begins with. Whoever has most points is served first."),
    "most_waiting": _("When so many wait, the next caller takes the way “full”. Empty: no limit."),
    "longest_wait": _("Seconds, after which a caller takes the way “timed out”. Empty: no limit."),
    "wrap_up": _("What follows a call: time to write down what it was about, in which no other call comes."),
    "wrap_up_seconds": _("How long it lasts at most. 0: there is none."),
    "disposition_required": _("The agent has to choose one before the wrap-up is ended; when its time is up, it ends."),
    "team": _("Its supervisors see this queue and its callers. Empty: all supervisors do."),
}


class QueueForm(forms.ModelForm):
    class Meta:
        model = Queue
        fields = ()  # those of the admin's fieldsets
        help_texts = HELP
        widgets = {"dispositions": UnfoldAdminCheckboxSelectMultipleWidget()}

    def clean_caller_id(self) -> str:
        written = self.cleaned_data["caller_id"].strip()
        number = numbers.parse(written, country=settings.DEFAULT_COUNTRY) if written else ""
        if number is None:
            raise forms.ValidationError(_("Write a telephone number, such as +15005550100."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("disposition_required") and not cleaned.get("dispositions"):
            self.add_error("dispositions", _("Choose at least one if the agent has to choose one."))
        return cleaned


class QueueSkillForm(forms.ModelForm):
    class Meta:
        model = QueueSkill
        fields = ("skill", "level", "relax_after", "relax_to")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        level, then = cleaned.get("level"), cleaned.get("relax_to")
        if level is not None and then is not None and then >= level:
            self.add_error("relax_to", _("Less than the level at first."))
        return cleaned


class SkillInline(TabularInline):
    model = QueueSkill
    form = QueueSkillForm
    extra = 0
    tab = True
    hide_title = True
    verbose_name = _("skill")
    verbose_name_plural = _("Skills")


class MemberInline(TabularInline):
    model = Membership
    autocomplete_fields = ("agent",)
    ordering = ("priority", "agent__name")
    extra = 0
    tab = True
    hide_title = True
    verbose_name = _("member")
    verbose_name_plural = _("Members")

    def has_add_permission(self, request: HttpRequest, queue: Queue | None = None) -> bool:
        return super().has_add_permission(request, queue) and _may_staff(request, queue)

    def has_change_permission(self, request: HttpRequest, queue: Queue | None = None) -> bool:
        return super().has_change_permission(request, queue) and _may_staff(request, queue)

    def has_delete_permission(self, request: HttpRequest, queue: Queue | None = None) -> bool:
        return super().has_delete_permission(request, queue) and _may_staff(request, queue)


@admin.register(Queue)
class QueueAdmin(ModelAdmin):
    form = QueueForm
    inlines = (SkillInline, MemberInline)
    list_display = ("name", "team", "order", "members", "waiting")
    list_select_related = ("team",)
    list_filter = ("team",)
    search_fields = ("name",)
    ordering = ("name",)
    actions = None
    change_form_outer_before_template = "admin/queues/queue_now.html"
    fieldsets = (
        (
            None,
            {
                "fields": (("name", "team"), ("order", "several"), ("ring_seconds", "caller_id")),
                "description": _(
                    "Callers come here by a step of the kind “Queue” in a flow. Name the members below; each who is "
                    "ready, at the desk and skilled enough is rung. Skills that are asked for relax as the wait grows, "
                    "so that nobody waits for an expert who is not there."
                ),
            },
        ),
        (_("Line"), {"classes": ("tab",), "fields": (("priority", "ageing"), ("most_waiting", "longest_wait"))}),
        (
            _("Service level"),
            {"classes": ("tab",), "fields": (("answer_within", "answer_share"), "short_abandon")},
        ),
        (
            _("After the call"),
            {
                "classes": ("tab",),
                "fields": (
                    "wrap_up",
                    ("wrap_up_seconds", "wrap_up_extension"),
                    "dispositions",
                    "disposition_required",
                    "is_sensitive",
                    "listeners",
                    "transcription",
                ),
            },
        ),
        (
            _("Call back"),
            {
                "classes": ("tab",),
                "fields": (
                    ("callback_tries", "callback_spacing", "callback_hours"),
                    ("callback_from", "callback_until"),
                    "callback_text",
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Queue]:
        rows: QuerySet[Queue] = super().get_queryset(request)
        waits = Q(entries__state__in=(EntryState.WAITING, EntryState.OFFERED))
        return rows.annotate(
            how_many_members=Count("memberships", distinct=True),
            how_many_wait=Count("entries", filter=waits, distinct=True),
        )

    @display(description=_("members"), ordering="how_many_members")
    def members(self, queue: Any) -> int:
        return int(queue.how_many_members)

    @display(description=_("waiting now"), ordering="how_many_wait")
    def waiting(self, queue: Any) -> int:
        return int(queue.how_many_wait)

    def has_change_permission(self, request: HttpRequest, queue: Queue | None = None) -> bool:
        """Who may change members alone may save this page too; the queue's own rules are then only shown."""
        may_staff = request.user.has_perm("queues.change_membership") and _may_staff(request, queue)
        return super().has_change_permission(request, queue) or may_staff

    def get_readonly_fields(self, request: HttpRequest, queue: Queue | None = None) -> Any:
        if super().has_change_permission(request, queue) or queue is None:
            return ()
        return [field.name for field in (*Queue._meta.fields, *Queue._meta.many_to_many) if field.name != "id"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        line_changed.send(sender=Queue)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        queue = self.get_object(request, object_id) if object_id else None
        now = _now(request, queue, timezone.now()) if queue else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **now})


@admin.register(Disposition)
class DispositionAdmin(ModelAdmin):
    list_display = ("name", "is_active")
    search_fields = ("name",)
    ordering = ("name",)
    actions = None
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "is_active"),
                "description": _(
                    "What a conversation came to, such as “sold” or “wrong number”. Agents choose one after a call, "
                    "from those of the queue."
                ),
            },
        ),
    )


def _may_staff(request: HttpRequest, queue: Queue | None) -> bool:
    if queue is None:
        return True
    user = request.user
    return isinstance(user, User) and Queue.objects.visible_to(user).filter(pk=queue.pk).exists()


def _now(request: HttpRequest, queue: Queue, at: datetime) -> dict[str, Any]:
    """Tell how the queue stands, and of each member whether they could take a call now and why not."""
    if not (request.user.has_perm("agents.view_agent") and _may_staff(request, queue)):
        return {}
    members = floor.members(queue, at=at)
    comes = Waiting(UUID(int=0), floor.rules_of(queue), at)
    first = next(iter(floor.line(queue, at=at)), None)
    since = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "status": facts.status([queue.pk], at=at)[queue.pk],
        "day": statistics.today([queue.pk], since=since)[queue.pk],
        "comes": _sentences(comes, members, at),
        "first": _sentences(first, members, at) if first else (),
        "first_waits": at - first.aged_from if first else None,
    }


def _sentences(waiting: Waiting, members: list[Candidate], at: datetime) -> list[tuple[bool, str]]:
    """Give for each member whether they can take this caller, and the sentence; those who can come first."""
    told = [(not list(obstacles(waiting, one, at)), explain(waiting, one, at)) for one in members]
    return sorted(told, key=lambda pair: not pair[0])
