import pytest

from calls.models import Call
from tests.calls.factories import make_call

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "written",
    [
        "+14155550123",
        "4155550123",
        "(415) 555-0123",
        "+1 415 555 0123",
        "001 415 555-0123",
        "1-415-555-0123",
        "555 0123",
        "0123",
    ],
)
def test_a_call_is_found_by_its_number_however_that_is_written(written: str) -> None:
    call = make_call(from_number="+14155550123", to_number="+15005550100")
    make_call(from_number="+14155559999", to_number="+15005550100")

    assert list(Call.objects.numbered(written)) == [call]


def test_a_number_from_abroad_is_found_as_people_there_write_it() -> None:
    call = make_call(from_number="+442079460018")

    assert list(Call.objects.numbered("020 7946 0018")) == [call]
    assert list(Call.objects.numbered("+44 (0)20 7946 0018")) == [call]


def test_words_find_no_number() -> None:
    make_call()

    assert not Call.objects.numbered("anonymous").exists()
