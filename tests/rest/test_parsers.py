import io

import pytest
from rest_framework.exceptions import ParseError

from rest.parsers import Json
from rest.problems import Problem


def test_a_body_is_read():
    assert Json().parse(io.BytesIO('{"name": "Ä", "numbers": [1, 2.5, null]}'.encode())) == {
        "name": "Ä",
        "numbers": [1, 2.5, None],
    }


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"name": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"name": "\\ud800"}',
        b"[" * 100_000,
        b"9" * 5_000,
    ],
)
def test_what_could_not_be_kept_is_refused(raw):
    with pytest.raises(ParseError):
        Json().parse(io.BytesIO(raw))


def test_a_body_that_writes_of_escapes_is_taken():
    assert Json().parse(io.BytesIO(b'{"regex": "a\\\\u0000"}')) == {"regex": "a\\u0000"}


def test_a_body_that_is_too_large_is_a_problem(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    with pytest.raises(Problem) as refused:
        Json().parse(io.BytesIO(b'"123456789"'))

    assert refused.value.status_code == 413
    assert refused.value.kind == "too-large"
