"""A prompt edited in place: beside the step that says it, or in the table by language."""

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from ivr.forms.fields import words
from ivr.forms.prompts import InPlaceForm
from ivr.models import Flow, Prompt
from ivr.prompts import saying, voices
from live.publish import publish

if TYPE_CHECKING:
    from ivr.admin.prompts import PromptAdmin


def edit(request: HttpRequest, prompt: int, *, model_admin: "PromptAdmin") -> HttpResponse:
    """Show what a prompt says in each language that is needed, and save it without leaving the page.

    Asked by htmx it is a fragment that puts itself in its own place; else a page of its own. `flow` names the flow from
    whose page it is edited, `language` the one that is opened first. What somebody else has saved since it was shown is
    told before it is overwritten; what was saved can be undone.
    """
    found = _read(prompt)
    if not model_admin.has_change_permission(request, found):
        raise PermissionDenied
    flows = saying.flows_of(found)
    forms = _forms(request, found, flows)
    is_sent = request.method == "POST"
    seen = _seen(found)  # before the forms put into the rows what was typed
    theirs = [] if not is_sent or request.POST.get("seen", "") in ("", seen) else _texts(found)
    wrong = [form for form in forms if not form.is_valid()]
    undo: dict[str, str] = {}
    saved = is_sent and not wrong and not theirs
    if saved:
        for form in forms:
            undo |= form.was()
        _save(request, found, forms, flows, model_admin)
        found = _read(prompt)
        seen = _seen(found)
        forms = _forms(None, found, flows)
    here = request.GET.get("flow", "")
    context = {
        "prompt": found,
        "forms": [(form, voices.LANGUAGES.get(form.spoken, form.spoken)) for form in forms],
        "here": here,
        "flows": [flow for flow in flows if str(flow.pk) != here],
        "address": f"{reverse('admin:ivr_prompt_edit', args=[found.pk])}?{request.GET.urlencode()}",
        "opened": request.GET.get("language", ""),
        "saved": saved,
        "undo": undo.items() if "undone" not in request.POST else (),
        "undone": saved and "undone" in request.POST,
        "seen": seen,
        "theirs": theirs,
    }
    response = _answer(request, model_admin, context)
    if saved:
        changed = {"prompt": str(found.pk), "words": words(found)}
        response["HX-Trigger"] = json.dumps({"prompt-saved": changed, f"prompt-saved-{found.pk}": changed})
    return response


def _read(prompt: int) -> Prompt:
    return get_object_or_404(Prompt.objects.prefetch_related("wordings__audio"), pk=prompt)


def _texts(prompt: Prompt) -> list[tuple[str, str]]:
    """Give what is said in each language, in its words."""
    rows = sorted(prompt.wordings.all(), key=lambda row: row.language)
    return [(voices.LANGUAGES.get(row.language, row.language), str(row.audio or row.text)) for row in rows]


def _seen(prompt: Prompt) -> str:
    """Give what changes whenever somebody changes what the prompt says."""
    rows = sorted((row.language, row.text, row.voice, row.audio_id) for row in prompt.wordings.all())
    return sha256(repr(rows).encode()).hexdigest()[:16]


def _forms(request: HttpRequest | None, prompt: Prompt, flows: list[Flow]) -> list[InPlaceForm]:
    """Give a form for each language that a flow needs or that has something already, the opened one first."""
    wordings = {row.language: row for row in prompt.wordings.all()}
    languages = dict.fromkeys([*saying.languages_of(flows), *sorted(wordings)]) or {"en-US": None}
    data, files = (request.POST, request.FILES) if request is not None and request.method == "POST" else (None, None)
    forms = []
    for language in languages:
        row = wordings.get(language) or prompt.wordings.model(prompt=prompt)
        forms.append(InPlaceForm(data, files, instance=row, language=language))
    return forms


def _save(
    request: HttpRequest, prompt: Prompt, forms: list[InPlaceForm], flows: list[Flow], model_admin: "PromptAdmin"
) -> None:
    changed = [form for form in forms if form.has_changed()]
    with transaction.atomic():
        for form in changed:
            form.save(commit=True)
        if changed:
            languages = ", ".join(form.spoken for form in changed)
            model_admin.log_change(
                request, prompt, _("Changed what is said in %(languages)s.") % {"languages": languages}
            )
            publish(*(f"flow:{flow.pk}" for flow in flows))


def _answer(request: HttpRequest, model_admin: "PromptAdmin", context: dict[str, object]) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return TemplateResponse(request, "admin/ivr/prompt_edit.html", context)
    shared = model_admin.admin_site.each_context(request)
    title = {"title": str(context["prompt"]), "opts": model_admin.opts}
    return TemplateResponse(request, "admin/ivr/prompt_edit_page.html", {**shared, **title, **context})
