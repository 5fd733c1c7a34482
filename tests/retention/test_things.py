from retention.things import AT_TWILIO, ORDER, Thing


def test_what_was_recorded_goes_before_its_call_and_ours_before_twilios():
    assert ORDER[Thing.RECORDING] < ORDER[Thing.CALL]
    assert max(ORDER[thing] for thing in set(Thing) - AT_TWILIO) < min(ORDER[thing] for thing in AT_TWILIO)
