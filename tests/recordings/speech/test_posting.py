"""The failures of all providers that are asked over HTTP, over real sockets."""

import io
import socket
from datetime import UTC, datetime

import pytest

from recordings.speech.posting import post, retry_after
from recordings.speech.provider import Busy, Denied, Failed, NotAvailable, Unclear, Unusable
from tests.patience import PATIENCE
from tests.recordings.speech.servers import Answer, server

KEY = "key-that-must-not-show"
SAID = "what was said"


@pytest.fixture
def provider():
    with server() as made:
        yield made


def ask(url, timeout=PATIENCE):
    return post(
        f"{url}/v1", to="The provider", timeout=timeout, headers={"Authorization": KEY}, body=io.BytesIO(b"sound")
    )


def test_an_answer_is_read_and_the_sound_was_sent_whole(provider):
    provider.answer(Answer(body={"text": SAID}))

    assert ask(provider.url) == {"text": SAID}
    assert provider.asked[0].body == b"sound"
    assert provider.asked[0].headers["Authorization"] == KEY


@pytest.mark.parametrize(
    ("answer", "failure", "words"),
    [
        (Answer(401, {"err_msg": f"Invalid: {KEY}"}), Denied, "does not accept TRANSCRIPTION_API_KEY"),
        (Answer(403), Denied, "does not accept TRANSCRIPTION_API_KEY"),
        (Answer(402), Denied, "no credit"),
        (Answer(429, {"error": {"code": "insufficient_quota"}}), Denied, "no credit"),
        (Answer(429), Busy, "too much to do"),
        (Answer(503, headers={"Retry-After": "7"}), Busy, "too much to do"),
        (Answer(400, {"err_msg": "corrupt data."}), Unusable, r"status 400\): corrupt data\.$"),
        (Answer(413, "<html>"), Unusable, r"refuses this sound \(status 413\)\.$"),
        (Answer(422, {"error": {"message": "too\nshort"}}), Unusable, "too short"),
        (Answer(400, ["?"]), Unusable, "status 400"),
        (Answer(404, {"error": {"message": "The model does not exist"}}), NotAvailable, "The model does not exist"),
        (Answer(301, headers={"Location": "http://127.0.0.1:1/"}), NotAvailable, "sends us elsewhere"),
        (Answer(500, SAID), Unclear, "failed .status 500"),
        (Answer(502), Unclear, "failed"),
        (Answer(503), Unclear, "failed"),
        (Answer(408), Unclear, "could not take"),
        (Answer(200, "<html>Welcome</html>"), Unclear, "no JSON"),
        (Answer(200, b"\xff\xfe"), Unclear, "no JSON"),
        (Answer(200, {"text": SAID}, breaks=True), Unclear, "the connection broke"),
    ],
)
def test_each_failure_is_told_apart_in_a_sentence_without_key_or_speech(provider, answer, failure, words):
    provider.answer(answer)

    with pytest.raises(Failed, match=words) as raised:
        ask(provider.url)

    assert raised.type is failure
    assert KEY not in str(raised.value)
    assert SAID not in str(raised.value)
    assert str(raised.value).endswith(".")
    assert len(provider.asked) == 1


def test_who_is_too_slow_is_not_waited_for(provider):
    provider.answer(Answer(body={}, delay=1.0))

    with pytest.raises(Unclear, match=r"did not answer within 0\.2 seconds"):
        ask(provider.url, timeout=0.2)


def test_a_port_where_nobody_listens_is_unclear():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unclear, match="cannot be reached"):
            ask(f"http://127.0.0.1:{taken.getsockname()[1]}")


@pytest.mark.parametrize("url", ["nowhere", "ftp://127.0.0.1", "http://"])
def test_what_is_no_address_is_to_be_set(url):
    with pytest.raises(NotAvailable, match="TRANSCRIPTION_API_URL is no address"):
        ask(url)


NOW = datetime(2025, 11, 29, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("Sat, 29 Nov 2025 12:01:00 GMT", 60.0),
        ("Sat, 29 Nov 2025 11:00:00 GMT", 0.0),
        ("Sat, 29 Nov 2025 12:01:00", None),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_the_time_to_stay_away_is_a_number_or_a_date(header, seconds):
    assert retry_after({"Retry-After": header}, NOW) == seconds


def test_the_time_to_stay_away_is_handed_on(provider):
    provider.answer(Answer(429, headers={"Retry-After": "12"}), Answer(429))

    with pytest.raises(Busy) as told:
        ask(provider.url)
    with pytest.raises(Busy) as untold:
        ask(provider.url)

    assert (told.value.retry_after, untold.value.retry_after) == (12.0, None)
