import pytest
from django.test import Client
from django.urls import resolve, reverse


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("voice-inbound", "/voice/inbound"),
        ("voice-fallback", "/voice/fallback"),
        ("voice-status", "/webhooks/voice/status"),
        ("recording", "/webhooks/recording"),
        ("healthz", "/healthz"),
        ("readyz", "/readyz"),
    ],
)
def test_addresses_that_others_have_written_down_stay_as_they_are(name: str, path: str) -> None:
    assert reverse(name) == path
    assert resolve(path).url_name == name


def test_the_first_page_is_the_admin(client: Client) -> None:
    response = client.get("/")

    assert (response.status_code, response["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("path", ["/voice/inbound/", "/webhooks/voice/status/", "/healthz/", "/voice", "/nothing"])
def test_no_address_leads_to_another_by_its_slash(client: Client, path: str) -> None:
    assert client.post(path).status_code == 404
