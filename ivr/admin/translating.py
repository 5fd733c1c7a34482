"""Prompts by language: what is said, what is missing, and the sheet for whoever translates."""

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.models import User
from ivr import actions
from ivr.models import Flow, Prompt
from ivr.prompts import saying, translations, voices
from ivr.prompts.translations import Plan
from sheets import intake
from sheets import table as sheet
from sheets.intake import FileForm

if TYPE_CHECKING:
    from ivr.admin.prompts import PromptAdmin


def table(request: HttpRequest, *, model_admin: "PromptAdmin") -> HttpResponse:
    """Show all prompts, or those of a flow, by language; asked for a `row` only that one, as its fragment."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    flow = _flow(request)
    row = request.GET.get("row", "")
    only_missing = request.GET.get("missing") == "1" and not row
    found = saying.table(flow=flow, only_missing=only_missing, prompt=int(row) if row.isdecimal() else None)
    context = {
        "table": found,
        "languages": [(language, voices.LANGUAGES.get(language, language)) for language in found.languages],
        "may_change": model_admin.has_change_permission(request),
        "flow": flow,
    }
    if row:
        return TemplateResponse(request, "admin/ivr/prompt_row.html", {**context, "saved": True})
    context |= {
        "title": _("Prompts by language"),
        "flows": Flow.objects.order_by("name"),
        "only_missing": only_missing,
        "summary": _summary(found),
    }
    return _page(request, model_admin, "admin/ivr/prompt_table.html", context)


def give_out(request: HttpRequest, *, model_admin: "PromptAdmin") -> HttpResponse:
    """Give the table as a sheet, one column for each language."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    return intake.download(translations.export(flow=_flow(request)), name="prompts")


def take_in(request: HttpRequest, *, model_admin: "PromptAdmin") -> HttpResponse:
    """Ask for a sheet, show what it would change, and change it on confirmation."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "title": _("Texts from a sheet")}
    content = intake.content_of(request, form)
    try:
        if content is not None:
            read = translations.read(content)
            if "fingerprint" in request.POST and (done := _save(request, read, model_admin)):
                return done
            context |= {"plan": translations.plan(read), "content": b64encode(content).decode()}
    except sheet.Unreadable as why:
        messages.error(request, str(why))
    return _page(request, model_admin, "admin/ivr/prompt_import.html", context)


def _save(request: HttpRequest, read: translations.Sheet, model_admin: "PromptAdmin") -> HttpResponse | None:
    by = request.user if isinstance(request.user, User) else None
    try:
        done = actions.take_translations(read, fingerprint=request.POST["fingerprint"], by=by, at=now())
    except actions.WrongTranslations:
        return None
    except actions.OtherTranslations:
        messages.warning(request, _("Something has changed meanwhile. Nothing was saved: look again and confirm."))
        return None
    _log(request, done, model_admin)
    count = len(done.changes)
    messages.success(request, ngettext("%d text was saved.", "%d texts were saved.", count) % count)
    return HttpResponseRedirect(reverse("admin:ivr_prompt_table"))


def _log(request: HttpRequest, done: Plan, model_admin: "PromptAdmin") -> None:
    languages: dict[int, list[str]] = {}
    for change in done.changes:
        languages.setdefault(change.prompt, []).append(change.language)
    for prompt in Prompt.objects.filter(pk__in=languages):
        told = ", ".join(languages[prompt.pk])
        model_admin.log_change(request, prompt, _("From a sheet: what is said in %(languages)s.") % {"languages": told})


def _flow(request: HttpRequest) -> int | None:
    wanted = request.GET.get("flow", "")
    return int(wanted) if wanted.isdecimal() else None


def _summary(found: saying.Table) -> str:
    """Tell in words how many texts are missing, and of which languages."""
    total = sum(found.lacking.values())
    if not total:
        return _("Nothing is missing: each prompt is there in every language of the flows that say it.")
    parts = [
        ngettext("%(count)d in %(language)s", "%(count)d in %(language)s", count)
        % {"count": count, "language": voices.LANGUAGES.get(language, language)}
        for language, count in found.lacking.items()
    ]
    return ngettext("%(count)d text is missing: %(parts)s.", "%(count)d texts are missing: %(parts)s.", total) % {
        "count": total,
        "parts": ", ".join(parts),
    }


def _page(request: HttpRequest, model_admin: "PromptAdmin", template: str, context: dict[str, Any]) -> HttpResponse:
    shared = model_admin.admin_site.each_context(request)
    return TemplateResponse(request, template, {**shared, "opts": model_admin.opts, **context})
