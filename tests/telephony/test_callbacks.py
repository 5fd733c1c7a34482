import uuid

import pytest
from django.urls import path

from telephony import callbacks
from telephony.callbacks import Where

pytestmark = pytest.mark.urls(__name__)


def page(request, **parts):
    raise NotImplementedError


urlpatterns = [
    path("voice/inbound", page, name="in"),
    path("voice/visits/<uuid:visit>/<int:turn>", page, name="visit"),
    path("x/<int:a>/<int:b>/<uuid:c>/<uuid:d>", page, name="many"),
    path("prompts/<slug:sha>", page, name="prompt"),
]


def test_an_address_is_absolute():
    assert callbacks.plain("in") == "https://contact.example.com/voice/inbound"


def test_the_base_address_is_taken_as_it_is_now(settings):
    callbacks.plain("in")
    settings.PUBLIC_BASE_URL = "https://other.example.com:8443"

    assert callbacks.plain("in") == "https://other.example.com:8443/voice/inbound"


def test_ids_stand_where_they_belong():
    visit = uuid.uuid4()

    assert callbacks.plain("visit", visit=visit, turn=12).endswith(f"/voice/visits/{visit}/12")
    assert callbacks.plain("visit", turn=0, visit=visit).endswith(f"/voice/visits/{visit}/0")


def test_parts_of_one_type_are_not_mixed_up():
    c, d = uuid.uuid4(), uuid.uuid4()

    assert callbacks.plain("many", a=1, b=2, c=c, d=d).endswith(f"/x/1/2/{c}/{d}")
    assert callbacks.plain("many", a=2, b=1, c=d, d=c).endswith(f"/x/2/1/{d}/{c}")


def test_words_may_be_parts():
    assert callbacks.plain("prompt", sha="ab12").endswith("/prompts/ab12")


@pytest.mark.parametrize("address", [callbacks.document, callbacks.news])
def test_twilio_is_asked_to_try_again(address):
    url, fragment = address("in").split("#")
    wishes = dict(part.split("=") for part in fragment.split("&"))

    assert url == "https://contact.example.com/voice/inbound"
    assert 100 <= int(wishes["ct"]) <= 10_000
    assert 100 <= int(wishes["rt"]) <= int(wishes["tt"]) <= 15_000
    assert 1 <= int(wishes["rc"]) <= 5
    assert set(wishes["rp"].split(",")) == {"5xx", "ct", "rt"}


def test_where_an_address_leads_is_told():
    assert callbacks.where("", "in") is Where.NOWHERE
    assert callbacks.where(callbacks.document("in"), "in") is Where.HERE
    assert callbacks.where("https://contact.example.com/voice/inbound", "in") is Where.HERE
    assert callbacks.where("https://demo.example.com/voice/inbound", "in") is Where.ELSEWHERE
