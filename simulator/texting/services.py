"""Messaging services: senders that share inbound URL, opt-outs and keywords."""

from dataclasses import dataclass, field

from simulator.texting.messages import keyword

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})


@dataclass(frozen=True, slots=True)
class Keywords:
    """What somebody may write instead of a message, and what Twilio answers to it."""

    stop: frozenset[str] = STOP
    start: frozenset[str] = START
    help: frozenset[str] = HELP
    stopped: str = "Simulator: you get no more messages from this sender. START lets them come again."
    started: str = "Simulator: messages from this sender come again. STOP ends them, HELP tells more."
    helped: str = "Simulator: STOP ends the messages of this sender."

    def read(self, body: str) -> str:
        """Return STOP, START or HELP where a text is one of their words, whatever its case; else nothing."""
        word = keyword(body)
        for kind, words in (("STOP", self.stop), ("START", self.start), ("HELP", self.help)):
            if word in words:
                return kind
        return ""

    def answer(self, kind: str) -> str:
        """Return what Twilio answers to a word of this kind."""
        return {"STOP": self.stopped, "START": self.started, "HELP": self.helped}[kind]


@dataclass(frozen=True, slots=True)
class Service:
    """A messaging service. With Advanced Opt-Out its keywords are its own, and webhooks name what Twilio understood."""

    sid: str
    name: str
    numbers: tuple[str, ...]
    inbound_url: str = ""
    """Where texts to its numbers go; empty: each number's own URL."""
    fallback_url: str = ""
    status_callback: str = ""
    advanced_opt_out: bool = False
    keywords: Keywords = field(default_factory=Keywords)
