"""What a caller went through."""

from dashboard.desk.journey import Stop, journey


def test_each_step_has_what_was_heard_pressed_and_said():
    told = journey(
        [
            ("began", {"line": "Main"}),
            ("entered", {"step": "1", "name": "Language", "kind": "language"}),
            ("heard", {"text": "For English, <break time='1s'/>press 1."}),
            ("silent", {}),
            ("pressed", {"digits": "1"}),
            ("entered", {"step": "2", "name": "Main menu", "kind": "menu"}),
            ("heard", {"text": "How can we help?"}),
            ("spoke", {"text": "a bike"}),
        ]
    )

    assert told == (
        Stop("Language", "language", "For English, press 1.", ("gave no answer", "pressed 1")),
        Stop("Main menu", "menu", "How can we help?", ("said “a bike”",)),
    )


def test_steps_in_which_nothing_was_heard_or_that_only_wait_are_left_out():
    told = journey(
        [
            ("entered", {"step": "1", "name": "Open?", "kind": "hours"}),
            ("entered", {"step": "2", "name": "Support", "kind": "queue"}),
            ("heard", {"text": "You are number 1 in line."}),
        ]
    )

    assert told == ()
