from ivr.kinds.sent import Referred, Unreached


def test_nothing_told_is_nothing_known():
    assert Referred() == Referred("", "", "")
    assert Unreached().error == ""
