"""Policies: what is recorded of which calls, and what people are told or asked. Texts are never changed, only added."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import get_deleted_objects
from django.core.exceptions import ValidationError
from django.db.models import Model, Prefetch, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from agents.models import User
from compliance.actions import consent
from compliance.models import Notice, Policy
from compliance.reading import notices_of
from compliance.sentences import described, doubts
from compliance.states import Begins, Mode, Subject
from telephony import numbers
from telephony.languages import LANGUAGES

NO_NUMBERS = ("sip:", "sips:", "client:")
BY_NAME = sorted((name, code) for code, name in LANGUAGES.items())
HELP = {
    "name": _("For people: it stands in the ledger, and on the page of each call."),
    "is_active": _("Switch it off rather than delete it: what it has recorded keeps its proof."),
    "number": _("The number that is called, or that we call from, such as +15005550100. Empty: every number."),
    "flow": _("The flow in which the call begins. Empty: every flow."),
    "queue": _("The queue in which the call is, or was last. Empty: whether it is in a queue or not."),
    "subject": _(
        "The conversation is recorded on the customer's line, without what agents say among themselves. An agent's "
        "line is recorded through consultations too."
    ),
    "channels": _("With the speakers apart, each of them can be written down and played alone."),
    "begins": _("In any case not before those have agreed who are asked."),
    "consent": _(
        "Told: the customer hears the text, and the call is recorded. Asked: it is recorded only after a yes. "
        "Everybody: also people from outside who are added later; colleagues are told."
    ),
    "withdrawal": _("When the customer, or somebody else who was asked, says so to an agent."),
    "transcribes": _("What was said, as text, once it is recorded."),
}


class PolicyForm(forms.ModelForm):
    class Meta:
        model = Policy
        fields = ()  # those of the admin's fieldsets
        help_texts = HELP
        widgets = {"number": UnfoldAdminTextInputWidget(attrs={"list": "our-numbers", "autocomplete": "off"})}

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"].strip()
        if not typed or typed.lower().startswith(NO_NUMBERS):
            return typed
        number = numbers.parse(typed, country=settings.DEFAULT_COUNTRY)
        if number is None:
            raise ValidationError(_("Write a telephone number, such as +15005550100, or sip:… or client:…."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        subject, begins, mode = (cleaned.get(name) for name in ("subject", "begins", "consent"))
        if subject == Subject.AGENT and begins == Begins.CALL:
            self.add_error("begins", _("An agent's line can be recorded from the talk on: before it, there is none."))
        if subject == Subject.VOICEMAIL and begins == Begins.PRESS:
            self.add_error("begins", _("No agent is there when somebody leaves a message."))
        if subject == Subject.VOICEMAIL and mode == Mode.ASK_EVERY:
            self.add_error("consent", _("There is nobody but the caller: ask the customer."))
        return cleaned


class NoticeForm(forms.ModelForm):
    """A text in one language. What is there keeps its language: another one is another text."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("Choose")), *((code, f"{name} ({code})") for name, code in BY_NAME)],
        widget=UnfoldAdminSelectWidget(),
    )

    class Meta:
        model = Notice
        fields = ("language", "text")
        widgets = {"text": UnfoldAdminTextareaWidget(attrs={"rows": 2})}
        help_texts = {
            "text": _(
                "Where people are asked, the question, with its keys: “May we record this call? Press 1 for yes, or 2 "
                "for no.” A changed text is a new version; who heard an older one has heard that one."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "language" in self.fields:
            self.fields["language"].disabled = True


class NoticeFormSet(BaseInlineFormSet):
    """The present texts. They are not saved: a text that was changed becomes a version (`compliance.actions`)."""

    def _existing_object(self, pk: Any) -> Notice:
        """Find a text that was the present one when the page was loaded, though it may be that no more."""
        return get_object_or_404(Notice, pk=pk, policy=self.instance)

    def clean(self) -> None:
        super().clean()
        seen = set[str]()
        for form in self.forms:
            language = (form.cleaned_data or {}).get("language") if form.is_valid() else None
            if language in seen:
                form.add_error("language", _("Another text has this language already."))
            elif language:
                seen.add(language)


class NoticeInline(StackedInline):
    model = Notice
    form = NoticeForm
    formset = NoticeFormSet
    fields = ("language", "text")
    extra = 0
    can_delete = False
    verbose_name = _("language")
    verbose_name_plural = _("What people hear, in each language")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        rows: QuerySet[Notice] = super().get_queryset(request)
        return rows.order_by("policy", "language", "-version").distinct("policy", "language")

    def has_change_permission(self, request: HttpRequest, _policy: Any = None) -> bool:
        """A changed text is a new one, so whoever may add may change."""
        return self.has_add_permission(request, _policy)


@admin.register(Policy)
class PolicyAdmin(ModelAdmin):
    form = PolicyForm
    inlines = (NoticeInline,)
    list_display = ("name", "says", "is_active", "languages")
    list_filter = ("is_active", "subject", "consent")
    list_select_related = ("flow", "queue")
    search_fields = ("name", "number", "queue__name", "flow__name")
    ordering = ("-is_active", "subject", "name")
    actions = None
    warn_unsaved_form = True
    change_form_outer_before_template = "admin/compliance/policy/now.html"
    change_form_outer_after_template = "admin/compliance/policy/versions.html"
    fieldsets = (
        (
            None,
            {
                "fields": (("name", "is_active"),),
                "description": _(
                    "What you save counts for calls from now on. A call that goes on follows it at its next change: "
                    "when somebody joins, leaves, or is put on hold."
                ),
            },
        ),
        (
            _("Which calls"),
            {
                "fields": ("number", ("flow", "queue"), ("direction", "share")),
                "description": _(
                    "All that you name must fit a call. Of several policies that fit, the one that names most counts; "
                    "a queue says more than a flow, and a flow more than a number. A policy whose share leaves a call "
                    "out leaves it to no other."
                ),
            },
        ),
        (_("What is recorded"), {"fields": ("subject", ("channels", "begins"))}),
        (_("Who is asked"), {"fields": ("consent", "withdrawal")}),
        (_("What becomes of it"), {"fields": ("pause_limit", ("clears", "transcribes"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        rows: QuerySet[Policy] = super().get_queryset(request)
        texts = Notice.objects.order_by("policy", "language", "-version").distinct("policy", "language")
        return rows.prefetch_related(Prefetch("notices", texts, to_attr="present_texts"))

    @display(description=_("what it does"))
    def says(self, policy: Policy) -> str:
        return described(policy)

    @display(description=_("texts"))
    def languages(self, policy: Any) -> str:
        return ", ".join(one.language for one in policy.present_texts) or "-"

    def save_formset(self, request: HttpRequest, _form: Any, formset: Any, **_more: Any) -> None:
        """Make a new version of each text that was changed."""
        assert isinstance(request.user, User)
        policy, by, at = formset.instance, request.user, timezone.now()
        changed = [form.instance for form in formset.forms if form.has_changed()]
        worded = [consent.word(policy, one.language, one.text, by=by, at=at) for one in changed]
        formset.new_objects = [one for one in worded if one is not None]
        formset.changed_objects = formset.deleted_objects = []

    def response_add(self, request: HttpRequest, obj: Policy, post_url_continue: str | None = None) -> HttpResponse:
        """Go on to the page that says what the new policy does, and what is doubtful about it."""
        if "_popup" in request.POST or "_addanother" in request.POST:
            response: HttpResponse = super().response_add(request, obj, post_url_continue)
            return response
        return HttpResponseRedirect(reverse("admin:compliance_policy_change", args=[obj.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        policy = self.get_object(request, object_id)
        told = _told(policy) if policy else {}
        response: HttpResponse = super().change_view(request, object_id, form_url, {**told, **(extra_context or {})})
        return response

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Refuse in words where something would lose its proof."""
        policy = self.get_object(request, object_id)
        if policy is not None and self.has_delete_permission(request, policy) and self._is_proof(request, policy):
            messages.error(
                request,
                _("“%(policy)s” stays: its texts, or what people answered, are proof. Switch it off in place of that.")
                % {"policy": policy},
            )
            return HttpResponseRedirect(reverse("admin:compliance_policy_change", args=[policy.pk]))
        return super().delete_view(request, object_id, extra_context)

    def _is_proof(self, request: HttpRequest, policy: Policy) -> bool:
        objects: list[Model] = [policy]
        *_found, protected = get_deleted_objects(objects, request, self.admin_site)
        return bool(protected) or policy.notices.exists()


def _told(policy: Policy) -> dict[str, Any]:
    others = Policy.objects.filter(is_active=True).exclude(pk=policy.pk)
    return {
        "does": described(policy),
        "doubts": list(doubts(policy, others, notices_of([policy])[policy.pk])),
        "versions": list(policy.notices.select_related("by").order_by("language", "-version")),
    }
