"""Merging two contacts and splitting one, each shown before it is done."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import actions
from contacts.admin.shown import person, shown_to
from contacts.exchange.plan import with_all
from contacts.forms import SplitForm
from contacts.models import Contact

if TYPE_CHECKING:
    from contacts.admin.contacts import ContactAdmin

MOST_FOUND = 20


def merge(request: HttpRequest, contact: UUID, *, model_admin: "ContactAdmin") -> HttpResponseBase:
    """Look for the other contact, show what the two would be, and merge them on confirmation."""
    stays = _the_contact(request, contact, model_admin)
    text = request.GET.get("q", "").strip()
    other = _other(request.GET.get("other", ""))
    show = shown_to(request.user)
    if request.method == "POST" and other is not None:
        return _merged(request, stays, other, model_admin)
    found = with_all(Contact.objects.matching(text).exclude(pk=stays.pk)) if text else Contact.objects.none()
    context: dict[str, Any] = {"original": stays, "contact": stays, "text": text, "other": other}
    context["found"] = [
        (one, ", ".join(show(number.number) for number in one.numbers.all()))
        for one in found.order_by("name", "pk")[:MOST_FOUND]
    ]
    if other is not None:
        rule = actions.preview(stays, other, at=timezone.now())
        context |= {
            "rule": rule,
            "numbers": [(show(number), label) for number, label in (rule.side.numbers or {}).items()],
            "attributes": sorted((rule.side.attributes or {}).items()),
        }
    return model_admin.shown(request, "merge", _("Merge %(name)s with another contact") % {"name": stays}, **context)


def split(request: HttpRequest, contact: UUID, *, model_admin: "ContactAdmin") -> HttpResponseBase:
    """Ask which numbers and ids are another contact's, and make that of them."""
    old = _the_contact(request, contact, model_admin)
    show = shown_to(request.user)
    form = SplitForm(request.POST or None)
    _choices(form, "numbers", [(one.number, f"{show(one.number)} {one.label}") for one in old.numbers.all()])
    _choices(form, "ids", [(str(one.pk), f"{one.system.name} {one.value}") for one in old.external_ids.all()])
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.split(
                old.pk,
                name=form.cleaned_data["name"],
                numbers=form.cleaned_data["numbers"],
                ids=[int(one) for one in form.cleaned_data["ids"]],
                by=person(request),
                at=timezone.now(),
            )
        except actions.NothingLeft:
            form.add_error(None, _("Choose something, and leave something."))
        except (actions.NotTheirs, actions.Gone):
            form.add_error(None, _("The contact has changed meanwhile. Open it again."))
        else:
            messages.success(request, _("The new contact is made. Flags and attributes stayed with the first one."))
            return HttpResponseRedirect(model_admin.address(new.pk))
    return model_admin.shown(
        request, "split", _("Split %(name)s") % {"name": old}, original=old, contact=old, form=form
    )


def _merged(request: HttpRequest, stays: Contact, other: Contact, model_admin: "ContactAdmin") -> HttpResponseBase:
    try:
        versions = int(request.POST["stays"]), int(request.POST["goes"])
        actions.merge(stays.pk, other.pk, versions=versions, by=person(request), at=timezone.now())
    except (KeyError, ValueError, actions.Different, actions.Gone, actions.SameContact):
        messages.warning(request, _("One of the two has changed meanwhile. Nothing was merged: look again."))
        return HttpResponseRedirect(request.get_full_path())
    messages.success(request, _("The two are one contact now."))
    return HttpResponseRedirect(model_admin.address(stays.pk))


def _the_contact(request: HttpRequest, contact: UUID, model_admin: "ContactAdmin") -> Contact:
    row = with_all(Contact.objects.filter(pk=contact)).first()
    if row is None or not model_admin.has_merge_permission(request):
        raise PermissionDenied
    return row


def _other(text: str) -> Contact | None:
    try:
        return with_all(Contact.objects.filter(pk=UUID(text))).first()
    except ValueError:
        return None


def _choices(form: SplitForm, name: str, choices: list[tuple[str, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]  # a field of choices
