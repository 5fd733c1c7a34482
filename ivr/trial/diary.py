"""What a trial writes down while its call goes on, and the clock by which it does. Pure."""

from dataclasses import dataclass

from ivr.trial.told import Kind, Moment, Reached, Sent, Stay, Taken, What


@dataclass(slots=True)
class _Present:
    """The step in which the call is."""

    flow: str
    step: str
    name: str
    kind: str
    second: float


class Diary:
    """One call, second by second."""

    def __init__(self) -> None:
        self.second = 0.0
        self.moments: list[Moment] = []
        self.path: list[Taken] = []
        self.stays: list[Stay] = []
        self.documents: list[Sent] = []
        self.reached: Reached | None = None
        self._present: _Present | None = None

    @property
    def flow(self) -> str:
        return self._present.flow if self._present else ""

    @property
    def step(self) -> str:
        return self._present.step if self._present else ""

    def enter(self, flow: str, step: str, name: str, kind: str) -> None:
        self.close()
        self._present = _Present(flow, step, name, kind, self.second)

    def leave(self, exit_: str) -> None:
        self.path.append(Taken(self.flow, self.step, exit_, self.second))
        self.close(exit_)

    def close(self, exit_: str = "") -> None:
        """End the stay in the present step, if there is one."""
        present = self._present
        if present is not None:
            spent = self.second - present.second
            self.stays.append(
                Stay(present.flow, present.step, present.name, present.kind, present.second, spent, exit_)
            )
        self._present = None

    def note(
        self,
        what: What,
        text: str = "",
        *,
        seconds: float = 0.0,
        language: str = "",
        voice: str = "",
        audio: str = "",
        step: tuple[str, str] | None = None,
    ) -> None:
        """Write down what happens now; for `seconds`, by which the clock goes on."""
        flow, here = step or (self.flow, self.step)
        self.moments.append(
            Moment(
                round(self.second, 2),
                what,
                flow,
                here,
                text,
                round(seconds, 2),
                language,
                voice,
                audio,
                max(len(self.documents) - 1, 0),
            )
        )
        self.second += seconds

    def reach(self, kind: Kind, name: str) -> None:
        """Note where the caller has come to, unless they had come somewhere before."""
        if self.reached is None:
            self.reached = Reached(kind, self.flow, self.step, name, self.second)
