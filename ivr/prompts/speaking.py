"""How long a voice takes to say a text, by estimate. Pure.

Measured voices say twelve to eighteen letters a second, less in scripts whose letters are syllables or words. The
estimate is for the slower ones: it is used to tell callers' longest times.
"""

import re

from ivr.prompts import ssml

LETTERS_A_SECOND = 13.0
#: scripts in which a letter is a syllable or a word
DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
DENSE_A_SECOND = 4.5
AT_EACH_SENTENCE = 0.4  # seconds of breath
_BREAK = re.compile(r"<break\b([^>]*)/?>")
_TIME = re.compile(r"time\s*=\s*[\"'](\d+(?:\.\d+)?)(ms|s)[\"']")
STANDARD_BREAK = 0.5


def seconds(text: str) -> float:
    """Estimate how long it takes to say `text`, pauses in its markup included."""
    pauses = 0.0
    if ssml.is_markup(text):
        pauses = sum(map(_pause, _BREAK.findall(text)))
        text = ssml.bare(text)
    words = " ".join(text.split())
    if not words:
        return pauses
    dense = len(DENSE.findall(words))
    sentences = len(re.findall(r"[.!?…。！？]", words)) or 1  # noqa: RUF001
    return pauses + (len(words) - dense) / LETTERS_A_SECOND + dense / DENSE_A_SECOND + AT_EACH_SENTENCE * sentences


def _pause(attributes: str) -> float:
    told = _TIME.search(attributes)
    if told is None:
        return STANDARD_BREAK
    return float(told[1]) / (1000 if told[2] == "ms" else 1)
