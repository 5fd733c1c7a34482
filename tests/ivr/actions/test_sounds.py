import pytest

from ivr.actions import sounds
from ivr.models import Audio
from tests.calls.factories import AT
from tests.ivr.sounds import tone

pytestmark = pytest.mark.django_db


def test_the_same_sound_is_kept_once_under_its_first_name():
    first = sounds.keep(tone(), name="Chime", at=AT)
    again = sounds.keep(tone(), name="Bell", at=AT)

    assert (again, again.name, again.uploaded_at) == (first, "Chime", AT)
    with again.file.open() as file:
        assert file.read() == tone().wav


@pytest.mark.parametrize(("name", "kept"), [("", tone().sha256[:12]), ("a" * 300, "a" * 120)])
def test_a_sound_has_a_name_that_fits(name, kept):
    assert sounds.keep(tone(), name=name, at=AT).name == kept


def test_what_is_only_tried_writes_no_file():
    row = sounds.keep(tone(frequency=523), name="Chime", at=AT, only_try=True)

    assert Audio.objects.get() == row
    assert not row.file.storage.exists(row.file.name)
