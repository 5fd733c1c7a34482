import pytest

from ivr.kinds.reading import read_list, read_text, read_texts
from ivr.kinds.settings import Broken


def test_what_is_missing_is_empty():
    assert (read_text({}, "name"), read_texts({}, "exits"), read_list({}, "options")) == ("", {}, [])


@pytest.mark.parametrize(
    ("read", "value"), [(read_text, 1), (read_texts, []), (read_texts, {"a": 1}), (read_list, {}), (read_list, "a")]
)
def test_another_type_is_refused(read, value):
    with pytest.raises(Broken):
        read({"it": value}, "it")
