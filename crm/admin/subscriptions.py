"""Subscriptions: whom events are sent to, how that goes, and what can be done about it."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents.models import User
from crm.actions import delivering, subscribing
from crm.admin.deliveries import shown, with_last_answer
from crm.admin.forms import ReplayForm, SubscriptionForm, TestForm
from crm.models import Delivery, Subscription

STATES = {"on": gettext_lazy("on"), "failing": gettext_lazy("failing"), "off": gettext_lazy("off")}
COLORS = {STATES["on"]: "success", STATES["failing"]: "warning", STATES["off"]: "danger"}
TONES = {"on": "good", "failing": "warning", "off": "bad"}
SHOWN = 50
MOST_TYPES, MOST_LETTERS = 2, 34  # in a row of the list
CHANGES = frozenset({"disable", "enable", "rotate", "test", "replay"})


@admin.register(Subscription)
class SubscriptionAdmin(ModelAdmin):
    list_select_related = ("owner",)
    list_per_page = 50
    ordering = ("name",)
    search_fields = ("name", "url")
    actions = None

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        owner = ("owner",) if request.user.has_perm("crm.see_every_subscription") else ()
        return ("name", *owner, "address", "shown_types", "state", "created_at")

    @display(description=gettext_lazy("address"), ordering="url")
    def address(self, subscription: Subscription) -> str:
        return Truncator(subscription.url).chars(MOST_LETTERS)

    @display(description=gettext_lazy("types"))
    def shown_types(self, subscription: Subscription) -> str:
        count = len(subscription.types)
        few = ", ".join(subscription.types) or str(_("all"))
        return few if count <= MOST_TYPES else ngettext("%d type", "%d types", count) % count

    @display(description=gettext_lazy("state"), label=COLORS)
    def state(self, subscription: Subscription) -> object:
        return STATES[state_of(subscription)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        assert isinstance(request.user, User)
        return Subscription.objects.visible_to(request.user)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/edit/", view(self.edit_view), name="crm_subscription_edit"),
            path("<uuid:pk>/do/<slug:what>/", view(self.work_view), name="crm_subscription_work"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, *_rest: Any, **_more: Any) -> HttpResponseBase:
        """Ask which address is told of what, and show the secret: on this one page, which nobody can open again."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = SubscriptionForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            assert isinstance(request.user, User)
            try:
                made = subscribing.subscribe(owner=request.user, **form.cleaned_data, at=timezone.now())
            except subscribing.NotPossible as refused:
                form.add_error(refused.field, str(refused))
            else:
                self.log_addition(request, made, _("Made."))
                return self._secret(request, made)
        return self._shown(request, "form", _("Subscribe to events"), form=form)

    def edit_view(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        subscription = self._one(request, str(pk))
        if not self.has_change_permission(request, subscription):
            raise PermissionDenied
        form = SubscriptionForm(request.POST or None, instance=subscription)
        if request.method == "POST" and form.is_valid():
            subscribing.change(self._one(request, str(pk)), **form.cleaned_data, at=timezone.now())
            self.log_change(request, subscription, _("Changed."))
            messages.success(request, _("Changed."))
            return HttpResponseRedirect(_page(subscription))
        title = _("Change %(name)s") % {"name": subscription.name}
        return self._shown(request, "form", title, form=form, original=subscription)

    def change_view(self, request: HttpRequest, object_id: str, *_rest: Any, **_more: Any) -> HttpResponseBase:
        return self._overview(request, self._one(request, object_id))

    def work_view(self, request: HttpRequest, pk: UUID, what: str) -> HttpResponseBase:
        """Do what one of the buttons on the page says."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        subscription = self._one(request, str(pk))
        if what not in CHANGES or not self.has_change_permission(request, subscription):
            raise PermissionDenied
        try:
            return self._work(request, subscription, what)
        except (subscribing.NotPossible, delivering.TooMany) as refused:
            messages.warning(request, str(refused))
        return HttpResponseRedirect(_page(subscription))

    def has_delete_permission(self, request: HttpRequest, subscription: Any = None) -> bool:
        return subscription is not None and request.user.has_perm("crm.delete_subscription")

    def get_deleted_objects(self, rows: Any, _request: HttpRequest) -> Any:
        """What was sent to it goes with it, which needs no right of its own, and is told as a number alone."""
        sent = Delivery.objects.filter(subscription__in=[row.pk for row in rows]).count()
        return [str(row) for row in rows], {_("subscriptions"): len(rows), _("events sent"): sent}, set(), []

    def delete_model(self, _request: HttpRequest, subscription: Subscription) -> None:
        subscribing.unsubscribe(subscription)

    def _work(self, request: HttpRequest, subscription: Subscription, what: str) -> HttpResponseBase:
        now = timezone.now()
        match what:
            case "disable":
                subscribing.disable(subscription, at=now)
                told = _("Nothing is sent any more.")
            case "enable":
                subscribing.enable(subscription, at=now)
                told = _("Events are sent again; what waited goes first.")
            case "rotate":
                subscribing.rotate_secret(subscription, at=now)
                self.log_change(request, subscription, _("Made a new secret."))
                return self._secret(request, subscription)
            case "test":
                test = TestForm(request.POST)
                if not test.is_valid():
                    return self._overview(request, subscription, test=test)
                subscribing.send_test(subscription, type=test.cleaned_data["type"], at=now)
                told = _("The test is on its way. Reload in a moment to see what was answered.")
            case _:
                replay = ReplayForm(request.POST)
                if not replay.is_valid():
                    return self._overview(request, subscription, replay=replay)
                count = delivering.replay_range(subscription, **replay.cleaned_data, at=now)
                told = ngettext("%d event is sent once more.", "%d events are sent once more.", count) % count
        self.log_change(request, subscription, told)
        messages.success(request, told)
        return HttpResponseRedirect(_page(subscription))

    def _overview(
        self,
        request: HttpRequest,
        subscription: Subscription,
        *,
        test: TestForm | None = None,
        replay: ReplayForm | None = None,
    ) -> HttpResponse:
        state = state_of(subscription)
        sent = with_last_answer(subscription.deliveries.all()).select_related("event").order_by("-position")
        return self._shown(
            request,
            "page",
            subscription.name,
            original=subscription,
            subscription=subscription,
            state=STATES[state],
            tone=TONES[state],
            deliveries=[shown(delivery) for delivery in sent[:SHOWN]],
            waiting=Delivery.objects.waiting().filter(subscription=subscription).count(),
            test=test or TestForm(),
            replay=replay or ReplayForm(),
            may_change=self.has_change_permission(request, subscription),
            may_delete=self.has_delete_permission(request, subscription),
        )

    def _secret(self, request: HttpRequest, subscription: Subscription) -> HttpResponse:
        title = _("The secret of %(name)s") % {"name": subscription.name}
        response = self._shown(request, "secret", title, subscription=subscription)
        add_never_cache_headers(response)
        return response

    def _one(self, request: HttpRequest, pk: str) -> Subscription:
        """Give a subscription that this person may see. Raises PermissionDenied, also where there is none."""
        found: Subscription | None = self.get_object(request, pk)
        if found is None or not self.has_view_permission(request, found):
            raise PermissionDenied
        return found

    def _shown(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"admin/crm/subscription/{template}.html", whole)


def state_of(subscription: Subscription) -> str:
    if not subscription.is_active:
        return "off"
    return "failing" if subscription.failing_since is not None else "on"


def _page(subscription: Subscription) -> str:
    return reverse("admin:crm_subscription_change", args=[subscription.pk])
