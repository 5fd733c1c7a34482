"""Speech to text on this machine, over the simulator's own sentences: how many words are wrong, and how fast it is."""

import json
import re
import time
import wave
from collections.abc import Sequence
from pathlib import Path

from recordings.speech.embedded import Embedded
from recordings.speech.provider import NotAvailable

SPEECH = Path(__file__).resolve().parent.parent / "simulator" / "speech"


def measure() -> None:
    print("Speech to text on this machine")
    provider = Embedded()
    sentences = json.loads((SPEECH / "sentences.json").read_text())
    try:
        _heard(provider, sentences[0]["file"])  # loads the model
    except NotAvailable as error:
        print(f"  {error}\n")
        return
    wrong = words = 0
    seconds = took = 0.0
    for sentence in sentences:
        began = time.perf_counter()
        heard = _heard(provider, sentence["file"])
        took += time.perf_counter() - began
        seconds += _length(sentence["file"])
        said = _words(sentence["text"])
        here = distance(said, _words(heard))
        wrong, words = wrong + here, words + len(said)
        print(f"  {here:>2} of {len(said):>2} words wrong: {heard}")
    print(f"  word error rate {100 * wrong / words:.1f} %, {seconds / took:.0f} times as fast as it was spoken\n")


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Count the words to be changed, added and left out to come from one to the other."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(said, 1):
        before, row[0] = row[0], count
        for place, other in enumerate(heard, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1]


def _heard(provider: Embedded, name: str) -> str:
    made = provider.transcribe(SPEECH / name, channels=1, speakers=("customer",), language="en")
    return " ".join(segment.text for segment in made.segments)


def _length(name: str) -> float:
    with wave.open(str(SPEECH / name)) as file:
        return file.getnframes() / file.getframerate()


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
