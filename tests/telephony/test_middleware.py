from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from telephony.middleware import in_utf8
from tests.telephony import signing

pytestmark = pytest.mark.urls("tests.telephony.pages")


@pytest.fixture
def anybody():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    "host", ["", "evil.example.com", "a b", "[::1", "contact.example.com:x", "ü", "x" * 5000, "<script>", "..", "@"]
)
def test_a_foreign_or_broken_host_is_answered_400(anybody, host, caplog):
    response = anybody.post("/t/verbs", "", content_type=signing.FORM, headers={"Host": host or "%"})

    assert response.status_code == 400
    assert "ALLOWED_HOSTS" in caplog.text or caplog.text == ""
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "address", ["/t/verbs?a=%00", "/t/verbs?%00=", "/t/verbs%00", "/%00", "/admin/telephony/delivery/?call_sid=%00"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_nul_byte_in_the_address_is_answered_400(anybody, address, method):
    assert anybody.generic(method, address).status_code == 400


def test_a_nul_byte_in_an_address_of_the_api_is_a_problem(anybody):
    response = anybody.get("/api/v1/calls?number=%00")

    assert response.status_code == 400
    assert response.json()["type"].endswith("/api/problems/unreadable")
    assert "NUL" in response.json()["detail"]


CHARSETS = ["hex", "base64", "idna", "utf-16", "rot13", "zip", "utf-8", "UTF-8", "none", "", "\0"]


def request_behind(content_type):
    """Build Django's request as it is built behind the wrapper."""
    made = []
    application = in_utf8(lambda environ, _start: made.append(WSGIRequest(environ)) or [])
    application(RequestFactory()._base_environ(QUERY_STRING="a=%C3%BC", CONTENT_TYPE=content_type), None)
    return made[0]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", [signing.FORM, "application/json", "", "Text/Plain"])
def test_whatever_charset_a_request_names_its_query_is_read_as_utf8(charset, kind):
    request = request_behind(f"{kind}; Charset={charset}")

    assert request.GET["a"] == "ü"
    assert request.content_type == kind.lower()


def test_the_boundary_of_an_upload_is_kept():
    assert request_behind("multipart/form-data; boundary=x").content_params == {"boundary": "x"}


def test_the_application_that_servers_run_forgets_charsets():
    source = (Path(__file__).parents[2] / "contactcenter" / "wsgi.py").read_text()  # importing it would begin to serve

    assert "application = in_utf8(get_wsgi_application())" in source


@given(st.binary(max_size=30), st.binary(max_size=30), st.binary(max_size=60))
def test_no_bytes_in_path_query_or_body_make_a_500(path, query, body):
    response = Client(raise_request_exception=False).generic(
        "POST",
        "/",
        body,
        content_type=signing.FORM,
        PATH_INFO="/t/" + path.decode("latin-1"),
        QUERY_STRING=query.decode("latin-1"),
    )

    assert 400 <= response.status_code < 500


@given(
    st.sampled_from(["/t/verbs", "/t/fails/1"]),
    st.binary(max_size=80),
    st.text(st.characters(codec="latin-1"), max_size=40),
)
def test_no_body_and_type_make_a_500(path, body, content_type):
    response = Client(raise_request_exception=False).generic("POST", path, body, content_type=content_type)

    assert 400 <= response.status_code < 500
