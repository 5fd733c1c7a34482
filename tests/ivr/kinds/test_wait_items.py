import pytest

from ivr.kinds.settings import Broken
from ivr.kinds.wait_items import ITEM_KINDS, WaitItem, wait_item


@pytest.mark.parametrize("kind", sorted(ITEM_KINDS))
def test_each_kind_of_item_is_read(kind):
    assert wait_item({"kind": kind, "prompt": "1", "seconds": 9}) == WaitItem(kind, "1", 9)


@pytest.mark.parametrize("data", [None, {}, {"kind": "dance", "prompt": "", "seconds": 1}, {"kind": "music"}])
def test_what_is_no_item_is_refused(data):
    with pytest.raises(Broken, match="nothing to give to those who wait"):
        wait_item(data)
