from ivr.trial.told import Moment, Reached, Sent, Trial


def test_what_was_heard_and_sent_can_be_read_alone() -> None:
    moments = (Moment(0, "heard", "1", "1", "Hello."), Moment(2, "pressed", "1", "1", "1"))
    trial = Trial(moments, (), (), Reached("open"), documents=(Sent(0, 1, "<Response/>"),))

    assert trial.heard == ("Hello.",)
    assert trial.twiml == ("<Response/>",)
