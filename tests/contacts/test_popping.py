"""Addresses of a page elsewhere: which may be opened, and what is filled in."""

import pytest

from contacts.popping import Unsafe, filled, origin


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("https://crm.example.com/people/{id}", "https://crm.example.com"),
        ("https://CRM.example.com:8443/?tel={number}#x", "https://crm.example.com:8443"),
        ("http://localhost:3000/{id}", "http://localhost:3000"),
        ("http://127.0.0.1/", "http://127.0.0.1"),
    ],
)
def test_the_origin_is_what_a_policy_names(template, found):
    assert origin(template) == found


@pytest.mark.parametrize(
    "template",
    [
        "http://crm.example.com/{id}",
        "javascript:alert(1)//{id}",
        "data:text/html,{id}",
        "ftp://crm.example.com/",
        "//crm.example.com/{id}",
        "crm.example.com/{id}",
        "https://{id}.example.com/",
        "https://user:secret@crm.example.com/",
        "https://crm.example.com@evil.example/",
        "https://crm.example.com:port/",
        "https://crm.example.com/{name}",
        "https://crm.example.com/{id",
        "https://crm.example.com/{id}}",
        "https://crm.example.com;script-src *",
        "https://crm.example.com/ x",
        "https://crm.example.com/\n",
        "https://*.example.com/",
        "https://[::1]/",
        "https:///path",
        "",
    ],
)
def test_whatever_could_lead_elsewhere_is_refused(template):
    with pytest.raises(Unsafe):
        origin(template)


def test_what_is_filled_in_cannot_change_where_it_leads():
    address = filled("https://crm.example.com/p/{id}?n={number}", id="../a?b#c&d", number="+14155550123")

    assert address == "https://crm.example.com/p/..%2Fa%3Fb%23c%26d?n=%2B14155550123"
