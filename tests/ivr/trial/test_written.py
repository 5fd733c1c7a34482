import pytest

from ivr.trial import written
from telephony.twiml import Client, Dial, Gather, Number, Pause, Play, Redirect, Say, Verb


@pytest.mark.parametrize(
    ("xml", "verbs"),
    [
        ('<Say voice="alice" language="en-GB">Hello <break/>you</Say>', [Say("Hello you", "alice", "en-GB")]),
        ('<Play loop="2">https://example.com/a.mp3</Play>', [Play("https://example.com/a.mp3", loop=2)]),
        ('<Play digits="12"/><Pause length="3"/>', [Play(digits="12"), Pause(3)]),
        ("<Redirect> https://example.com </Redirect>", [Redirect("https://example.com")]),
        (
            '<Gather action="a" numDigits="1" timeout="4" input="speech dtmf"><Say>Press.</Say></Gather>',
            [Gather("a", (Say("Press."),), "dtmf speech", 4, num_digits=1)],
        ),
        ("<Dial>+14155550123</Dial>", [Dial([Number("+14155550123")])]),
        ('<Dial action="a"><Client>ann</Client></Dial>', [Dial([Client("ann")], action="a")]),
        ("<Start><Stream url='wss://example.com'/></Start>", []),
    ],
)
def test_what_is_written_becomes_verbs(xml: str, verbs: list[Verb]) -> None:
    assert list(written.verbs(xml)) == verbs
