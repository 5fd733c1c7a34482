import hashlib
import json

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import HMAC_SHA1, HMAC_SHA256, RequestValidator

from telephony import signatures
from telephony.signatures import Signed
from tests.telephony import signing

FIELDS = {"CallSid": "CA1", "From": "+14155551234", "To": "+18005551212", "FromCity": "", "Digits": "1"}
OFFICIAL = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675310",
    "Digits": "1234",
    "From": "+14158675310",
    "To": "+18005551212",
}
factory = RequestFactory()


def request_for(path="/voice/inbound", fields=FIELDS, host="contact.example.com", **headers):
    return factory.post(path, signing.encoded(fields), content_type=signing.FORM, headers={"Host": host, **headers})


def signed_of(request, fields=None, *, is_json=False):
    return Signed.of(request, fields or QueryDict(request.body), body=request.body, is_json=is_json)


def signed_for(signature, path="/voice/inbound", fields=FIELDS, key_settings="", **rest):
    headers = {"X-Twilio-Signature": signature, "X-Twilio-Webhooks-Signature-Settings": key_settings}
    request = request_for(path, fields, **rest, **headers)
    return request, signed_of(request)


def explained(signature, **rest):
    request, signed = signed_for(signature, **rest)
    assert not signatures.is_valid(signed)
    return signatures.explain(request, signed)


def test_twilios_own_example_is_valid(settings):
    settings.PUBLIC_BASE_URL = "https://example.com"
    settings.TWILIO_AUTH_TOKEN = "12345"

    _, signed = signed_for("L/OH5YylLD5NRKLltdqwSvS0BnU=", path="/myapp.php?foo=1&bar=2", fields=OFFICIAL)

    assert signatures.is_valid(signed)


def test_the_same_example_by_the_second_scheme_is_valid_with_a_shared_key(settings):
    settings.PUBLIC_BASE_URL = "https://example.com"
    settings.TWILIO_WEBHOOK_KEYS = {"webhooks_sharedkey_1": "12345"}

    _, signed = signed_for(
        "qMztBq0IANMH/q0K9sCfKQJLylezvRdRzRS647SAVow=",
        path="/myapp.php?foo=1&bar=2",
        fields=OFFICIAL,
        key_settings="key=webhooks_sharedkey_1,algorithm=HMAC_SHA256",
    )

    assert signatures.is_valid(signed)


@pytest.mark.parametrize("token", ["token-of-the-tests", "the-next-token"])
def test_both_auth_tokens_are_accepted_while_they_are_changed(settings, token):
    settings.TWILIO_AUTH_TOKEN_SECONDARY = "the-next-token"

    _, signed = signed_for(signing.signature("/voice/inbound", FIELDS, token=token))

    assert signatures.is_valid(signed)


def test_no_token_means_no_request_is_valid(settings):
    settings.TWILIO_AUTH_TOKEN = ""
    signature = RequestValidator("").compute_signature("https://contact.example.com/voice/inbound", FIELDS)

    request, signed = signed_for(signature)

    assert not signatures.is_valid(signed)
    assert "TWILIO_AUTH_TOKEN is not set" in signatures.explain(request, signed)


def test_an_empty_shared_key_signs_nothing(settings):
    settings.TWILIO_WEBHOOK_KEYS = {"k": ""}
    signature = RequestValidator("").compute_signature("https://contact.example.com/voice/inbound", FIELDS, HMAC_SHA256)

    _, signed = signed_for(signature, key_settings="key=k,algorithm=HMAC_SHA256")

    assert not signatures.is_valid(signed)


@pytest.mark.parametrize(
    ("base", "signed_base"),
    [
        ("https://contact.example.com", "https://contact.example.com"),
        ("https://contact.example.com", "https://contact.example.com:443"),
        ("https://contact.example.com:8443", "https://contact.example.com"),  # voice leaves the port out
        ("https://contact.example.com:8443", "https://contact.example.com:8443"),  # texts keep it
        ("http://contact.example.com:8080", "http://contact.example.com:8080"),
        ("http://contact.example.com", "http://contact.example.com:80"),
        ("https://user:pass@contact.example.com", "https://contact.example.com"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]"),
        ("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080"),
    ],
)
def test_the_port_and_user_of_our_address_are_taken_as_twilio_takes_them(settings, base, signed_base):
    settings.PUBLIC_BASE_URL = base

    _, signed = signed_for(signing.signature("/voice/inbound", FIELDS, base=signed_base))

    assert signatures.is_valid(signed)


def test_the_port_of_plain_http_belongs_to_the_signature(settings):
    settings.PUBLIC_BASE_URL = "http://contact.example.com:8080"

    _, signed = signed_for(signing.signature("/voice/inbound", FIELDS, base="http://contact.example.com"))

    assert not signatures.is_valid(signed)


def test_the_host_header_does_not_matter():
    _, signed = signed_for(signing.signature("/voice/inbound", FIELDS), host="localhost")

    assert signatures.is_valid(signed)


def test_repeated_and_empty_fields_are_signed_as_the_library_signs_them():
    fields = {"A": ["2", "1", "1"], "B": "", "C": "x y", "a": "ü"}
    _, signed = signed_for(signing.signature("/voice/inbound?x=1&x=%20", fields), "/voice/inbound?x=1&x=%20", fields)

    assert signatures.is_valid(signed)
    assert signatures.spelled(signed.fields) == "A1A2BCx yaü"


texts = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.dictionaries(texts, st.lists(texts, min_size=1, max_size=3), max_size=6))
def test_fields_are_always_spelled_as_the_library_spells_them(lists):
    fields = MultiValueDict(lists)
    url = "https://contact.example.com/voice/inbound"
    validator = RequestValidator("secret")

    theirs = validator.compute_signature(url, QueryDict(signing.encoded(lists)), HMAC_SHA1)

    assert validator.compute_signature(url + signatures.spelled(fields), {}, HMAC_SHA1) == theirs


def json_request(body, *, digest=None, token="token-of-the-tests"):
    digest = hashlib.sha256(body).hexdigest() if digest is None else digest
    path = f"/webhooks/json?bodySHA256={digest}"
    signature = RequestValidator(token).compute_signature("https://contact.example.com" + path, {})
    request = factory.post(
        path, body, content_type="application/json", headers={"X-Twilio-Signature": signature, "Host": "localhost"}
    )
    return request, signed_of(request, MultiValueDict(), is_json=True)


def test_a_json_body_is_valid_by_its_hash():
    _, signed = json_request(json.dumps({"account_sid": "AC1"}).encode())

    assert signatures.is_valid(signed)


@pytest.mark.parametrize("digest", ["", "0" * 64, "ü"])
def test_a_json_body_that_was_changed_is_refused(digest):
    request, signed = json_request(b"{}", digest=digest)

    assert not signatures.is_valid(signed)
    assert "bodySHA256" in signatures.explain(request, signed)


@pytest.mark.parametrize("signature", ["", "x", "ü", "=" * 1000, "L/OH5YylLD5NRKLltdqwSvS0BnU="])
def test_rubbish_is_no_signature(signature):
    _, signed = signed_for("")
    object.__setattr__(signed, "signature", signature)

    assert not signatures.is_valid(signed)


@pytest.mark.parametrize("key_settings", ["algorithm=HMAC_MD5", "key=", "key=unknown", ",,=,", "algorithm=", "ü"])
def test_rubbish_about_keys_makes_nothing_valid_that_was_not(key_settings):
    _, signed = signed_for("")
    object.__setattr__(signed, "key_settings", key_settings)

    assert not signatures.is_valid(signed)


@pytest.mark.parametrize("changed", [{"Digits": "2"}, {"Extra": ""}, {"From": "+14155551234 "}])
def test_a_changed_field_makes_a_signature_wrong(changed):
    _, signed = signed_for(signing.signature("/voice/inbound", FIELDS), fields=FIELDS | changed)

    assert not signatures.is_valid(signed)


def test_without_a_signature_the_log_says_so():
    assert "no X-Twilio-Signature header" in explained("")


def test_the_wrong_scheme_is_named():
    words = explained(signing.signature("/voice/inbound", FIELDS, base="http://contact.example.com"))

    assert words == "the signature is right for http, PUBLIC_BASE_URL says https"


def test_the_wrong_scheme_is_named_the_other_way_round(settings):
    settings.PUBLIC_BASE_URL = "http://contact.example.com"

    words = explained(signing.signature("/voice/inbound", FIELDS, base="https://contact.example.com"))

    assert words == "the signature is right for https, PUBLIC_BASE_URL says http"


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_signature_for_the_host_header_is_named(scheme):
    words = explained(
        signing.signature("/voice/inbound", FIELDS, base=f"{scheme}://other.example.com"), host="other.example.com"
    )

    assert "right for the Host header" in words
    assert ("and http" in words) == (scheme == "http")


def test_a_lost_slash_is_named():
    assert "with a slash at the end" in explained(signing.signature("/voice/inbound/", FIELDS))


def test_an_added_slash_is_named():
    words = explained(signing.signature("/voice/inbound", FIELDS), path="/voice/inbound/")

    assert "without a slash at the end" in words


def test_an_added_query_is_named():
    words = explained(signing.signature("/voice/inbound", FIELDS), path="/voice/inbound?utm=1")

    assert "without the query" in words


def test_a_path_of_the_base_address_is_named(settings):
    settings.PUBLIC_BASE_URL = "https://contact.example.com/app"

    words = explained(signing.signature("/voice/inbound", FIELDS, base="https://contact.example.com"))

    assert "without the path of PUBLIC_BASE_URL" in words


def test_another_port_is_named(settings):
    settings.PUBLIC_BASE_URL = "http://contact.example.com"

    assert "port 8080" in explained(signing.signature("/voice/inbound", FIELDS, base="http://contact.example.com:8080"))


def test_a_get_that_became_a_post_is_named():
    assert "without the form" in explained(signing.signature("/voice/inbound", {}))


def test_added_empty_fields_are_named():
    full = {name: value for name, value in FIELDS.items() if value}

    assert "without the empty fields" in explained(signing.signature("/voice/inbound", full))


def test_fields_with_white_space_around_are_named():
    words = explained(
        signing.signature("/voice/inbound", FIELDS), fields={name: f" {value}" for name, value in FIELDS.items()}
    )

    assert "without white space" in words


def test_another_scheme_of_signing_is_named():
    words = explained(signing.signature("/voice/inbound", FIELDS, algorithm=HMAC_SHA256))

    assert "HMAC-SHA256, though no header says so" in words


def test_a_lost_header_of_a_shared_key_is_named(settings):
    settings.TWILIO_WEBHOOK_KEYS = {"k": "shared-secret"}

    words = explained(signing.signature("/voice/inbound", FIELDS, token="shared-secret", algorithm=HMAC_SHA256))

    assert "Signature-Settings header was lost" in words


def test_an_unknown_shared_key_is_named():
    words = explained("x", key_settings="key=k,algorithm=HMAC_SHA256")

    assert "not in TWILIO_WEBHOOK_KEYS" in words


def test_an_unknown_algorithm_is_named():
    assert "does not know" in explained("x", key_settings="algorithm=HMAC_SHA512")


def test_white_space_around_the_token_is_named(settings):
    signature = signing.signature("/voice/inbound", FIELDS, token="token")
    settings.TWILIO_AUTH_TOKEN = "token\n"

    assert "without the white space around it" in explained(signature)


def test_another_account_is_named():
    other = "AC" + "f" * 32
    words = explained(
        signing.signature("/voice/inbound", FIELDS, token="theirs"), fields=FIELDS | {"AccountSid": other}
    )

    assert other in words


def test_when_nothing_matches_the_log_says_that():
    assert "nothing that was tried matches" in explained(signing.signature("/voice/inbound", FIELDS, token="a guess"))


@pytest.mark.parametrize("base", ["http://contact.example.com", "https://other.example.com", ""])
def test_no_explanation_holds_a_secret_or_a_number(settings, base):
    settings.TWILIO_API_SECRET = "api-secret"
    words = explained(signing.signature("/voice/inbound", FIELDS, token="" if base else "guess", base=base))

    assert settings.TWILIO_AUTH_TOKEN not in words
    assert "api-secret" not in words
    assert "4155551234" not in words


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=40), st.text(max_size=20))
def test_any_rubbish_is_explained(signature, value):
    _, signed = signed_for("")
    object.__setattr__(signed, "signature", signature)

    assert signatures.explain(request_for(fields={"AccountSid": value}), signed)
