from ivr.kinds.known import KnownCaller


def test_of_a_contact_nothing_needs_to_be_known_but_which_it_is():
    assert KnownCaller("1") == KnownCaller("1", name="", attributes={}, matches=1)
