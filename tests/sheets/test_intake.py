"""A file on its way in, and one on its way out."""

from base64 import b64encode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from sheets.intake import FileForm, content_of, download

POST = RequestFactory().post


def asked(fields):
    request = POST("/", fields)
    return content_of(request, FileForm(request.POST or None, request.FILES or None))


def test_a_chosen_file_is_read_and_a_confirmed_one_is_sent_once_more():
    assert asked({"file": SimpleUploadedFile("a.csv", b"who\nann\n")}) == b"who\nann\n"
    assert asked({"content": b64encode(b"who\nben\n").decode()}) == b"who\nben\n"


def test_nothing_comes_of_no_file_and_of_what_is_no_base64():
    assert asked({}) is None
    assert asked({"content": "?"}) is None
    request = RequestFactory().get("/")
    assert content_of(request, FileForm(None, None)) is None


def test_a_file_is_named_after_what_it_holds():
    answer = download("who\n", name="agents")

    assert answer["Content-Disposition"].startswith('attachment; filename="agents-20')
    assert answer.content == b"who\n"
