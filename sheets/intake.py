"""A file on its way in: chosen, shown with what it would change, and sent once more to be confirmed."""

from base64 import b64decode
from binascii import Error as NotBase64

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sheets.table import MOST_BYTES


class FileForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="CSV as Excel, LibreOffice or a program writes it; commas, semicolons or tabs.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv", "class": "cc-input"}),
    )


def content_of(request: HttpRequest, form: FileForm) -> bytes | None:
    """Give the file that was chosen, or that is confirmed after its preview; None where neither is there."""
    if request.method != "POST":
        return None
    content = _confirmed(request)
    if content is None and form.is_valid():
        content = form.cleaned_data["file"].read(MOST_BYTES + 1)
    return content


def download(text: str, *, name: str) -> HttpResponse:
    """Give a table as a file that is named after what it holds and the day."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _confirmed(request: HttpRequest) -> bytes | None:
    try:
        return b64decode(request.POST["content"], validate=True) if "content" in request.POST else None
    except NotBase64:
        return None
