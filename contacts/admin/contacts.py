"""Contacts: found by any way of writing a number, changed by actions, merged, split, taken in and given out."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from contacts import actions
from contacts.admin import intake, joining
from contacts.admin.shown import flags_of, person, shown_to, written
from contacts.exchange.plan import with_all
from contacts.forms import contact_form
from contacts.models import Contact, OptOut
from contacts.reading import history
from contacts.states import How

MOST_SHOWN = 3


class FlagFilter(admin.SimpleListFilter):
    title = gettext_lazy("flag")
    parameter_name = "flag"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("vip", _("VIP")), ("blocked", _("blocked")), ("do-not-call", _("do not call"))]

    def queryset(self, _request: HttpRequest, queryset: Any) -> QuerySet[Contact]:
        match self.value():
            case "vip":
                return queryset.filter(is_vip=True)
            case "blocked":
                return queryset.blocked(at=timezone.now())
            case "do-not-call":
                return queryset.not_to_be_called()
        return queryset


@admin.register(Contact)
class ContactAdmin(ModelAdmin):
    list_filter = (FlagFilter,)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-updated_at", "pk")
    search_fields = ("name",)
    search_help_text = gettext_lazy("A name, an id elsewhere, or a number written in any way, or a part of it.")
    actions = None
    actions_list = ("import_file", "export_file")
    change_form_template = "admin/contacts/contact/change_form.html"

    class Media:
        css = {"all": ["css/call.css"]}

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Contact]:
        return with_all(Contact.objects.all()).order_by(*self.ordering)

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        show = shown_to(request.user)

        @display(description=gettext_lazy("numbers"))
        def shown_numbers(contact: Contact) -> str:
            theirs = [show(one.number) for one in contact.numbers.all()]
            more = len(theirs) - MOST_SHOWN
            return ", ".join(theirs[:MOST_SHOWN]) + (f" +{more}" if more > 0 else "") or "-"

        return ("shown_name", shown_numbers, "flags", "ids", "language", "changed")

    @display(description=gettext_lazy("name"), ordering="name")
    def shown_name(self, contact: Contact) -> str:
        return contact.name or _("without a name")

    @display(description=gettext_lazy("flags"))
    def flags(self, contact: Contact) -> SafeString:
        tags = ((flag,) for flag in _flags(contact))
        return format_html_join(" ", '<span class="cc-tag cc-tag-warning">{}</span>', tags) or SafeString("-")

    @display(description=gettext_lazy("ids elsewhere"))
    def ids(self, contact: Contact) -> str:
        return ", ".join(f"{one.system.name} {one.value}" for one in contact.external_ids.all()) or "-"

    @display(description=gettext_lazy("changed"), ordering="updated_at")
    def changed(self, contact: Contact) -> str:
        return written(contact.updated_at)

    def get_search_results(
        self, _request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Contact], bool]:
        text = search_term.strip()
        return (queryset.matching(text) if text else queryset), False

    # ---- the form

    def get_form(self, _request: HttpRequest, _obj: Any = None, **_more: Any) -> Any:
        return contact_form()

    def get_fieldsets(self, request: HttpRequest, _contact: Contact | None = None) -> Any:
        elsewhere = tuple(f"id_{system.pk}" for system in self.get_form(request).systems)
        return (
            (None, {"fields": ("seen", "name", ("language", "country"), "written_numbers")}),
            (gettext_lazy("Flags"), {"fields": (("is_vip", "priority"), ("is_blocked", "blocked_because"),
                                                "blocked_until", "do_not_call")}),
            (gettext_lazy("Elsewhere, and for flows"), {"fields": (*elsewhere, "written_attributes")}),
        )  # fmt: skip

    def save_model(self, request: HttpRequest, contact: Contact, form: Any, change: bool) -> None:
        """Let the actions save, so that whatever a file or the API may not do, a form may not either."""
        given: dict[str, Any] = {"by": person(request), "how": How.SAID, "at": timezone.now()}
        if change:
            actions.change(contact.pk, form.said(), version=form.cleaned_data["seen"], **given)
        else:
            contact.pk = actions.create(form.said(), **given).pk

    def delete_model(self, request: HttpRequest, contact: Contact) -> None:
        actions.delete(contact.pk, by=person(request), at=timezone.now())

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (actions.Different, actions.Gone, actions.HasProblems):  # in the moment after the form was checked
            messages.warning(request, _("Somebody else has changed this contact meanwhile. Nothing was saved."))
            return HttpResponseRedirect(request.path)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Show a contact: as a form to those who may change it, as a page to others."""
        contact = self.get_object(request, object_id)
        if contact is None:
            missing: HttpResponseBase = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return missing
        if not self.has_view_permission(request, contact):
            raise PermissionDenied
        about = self.about(request, contact)
        if self.has_change_permission(request, contact):
            answer: HttpResponseBase = super().change_view(
                request, object_id, form_url, {**(extra_context or {}), **about}
            )
            return answer
        return self.shown(request, "page", contact.name or _("Contact"), original=contact, **about)

    def about(self, request: HttpRequest, contact: Contact) -> dict[str, Any]:
        """Give what a contact's page tells besides the form."""
        show = shown_to(request.user)
        theirs = list(contact.numbers.all())
        entries = OptOut.objects.filter(number__in=[one.number for one in theirs]).order_by("-at")
        return {
            "contact": contact,
            "numbers": [(show(one.number), one.label) for one in theirs],
            "ids": [(one.system.name, one.value) for one in contact.external_ids.all()],
            "flags": _flags(contact),
            "opt_outs": [(show(one.number), one) for one in entries.select_related("by", "ended_by")[:20]],
            "changes": history(contact),
            "may_merge": self.has_merge_permission(request),
        }

    # ---- pages of our own

    def get_urls(self) -> list[URLPattern]:
        def of_row(view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            def shown(request: HttpRequest, contact: Any) -> HttpResponseBase:
                return view(request, contact, model_admin=self)

            return path(f"<uuid:contact>/{name}/", self.admin_site.admin_view(shown), name=f"contacts_contact_{name}")

        return [of_row(joining.merge, "merge"), of_row(joining.split, "split"), *super().get_urls()]

    def shown(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        """Show a page of our own in the admin's frame."""
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"admin/contacts/contact/{template}.html", whole)

    def address(self, contact: Any) -> str:
        return reverse("admin:contacts_contact_change", args=[contact])

    def has_merge_permission(self, request: HttpRequest, _contact: object = None) -> bool:
        return bool(request.user.has_perm("contacts.merge_contacts"))

    def has_import_permission(self, request: HttpRequest, _contact: object = None) -> bool:
        return bool(request.user.has_perm("contacts.import_contacts"))

    @action(description=gettext_lazy("Import from a file"), icon="upload", url_path="import", permissions=("import",))
    def import_file(self, request: HttpRequest) -> HttpResponse:
        return intake.take_in(request, model_admin=self)

    @action(description=gettext_lazy("Export"), icon="download", url_path="export", permissions=("import",))
    def export_file(self, _request: HttpRequest) -> HttpResponse:
        return intake.give_out(Contact.objects.order_by("name", "pk"))


def _flags(contact: Contact) -> list[str]:
    unwanted = any(getattr(one, "no_calls", False) for one in contact.numbers.all())
    return flags_of(contact, do_not_call=unwanted, at=timezone.now())
