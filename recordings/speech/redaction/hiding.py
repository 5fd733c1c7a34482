"""The marked characters of segments are replaced, and the seconds told in which they are heard. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from recordings.speech.redaction.kinds import Finding, Mark
from recordings.speech.transcript import Segment, Word, joined


def hidden(segments: Sequence[Segment], marks: Iterable[Mark]) -> tuple[tuple[Segment, ...], list[Finding]]:
    """Replace what is marked. Without times of the words, a finding lasts as long as its segment."""
    of_segments: dict[int, list[Mark]] = {}
    for mark in marks:
        of_segments.setdefault(mark.segment, []).append(mark)
    made, findings = list(segments), list[Finding]()
    for index, here in of_segments.items():
        for mark in sorted(_apart(here), key=lambda mark: mark.start, reverse=True):
            made[index], finding = _without(made[index], mark)
            findings.append(finding)
    return tuple(made), findings


def _apart(marks: Iterable[Mark]) -> list[Mark]:
    """Put together marks that overlap; the kind is the first one's."""
    made: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if made and mark.start < made[-1].end:
            made[-1] = replace(made[-1], end=max(mark.end, made[-1].end))
        else:
            made.append(mark)
    return made


def _without(segment: Segment, mark: Mark) -> tuple[Segment, Finding]:
    text = segment.text[: mark.start] + mark.kind.marker + segment.text[mark.end :]
    if not segment.words:
        return replace(segment, text=text), Finding(mark.kind, segment.speaker, segment.start, segment.end)
    first, last, begin, before, after = 0, 0, 0, "", ""
    for index, word in enumerate(segment.words):
        end = begin + len(word.text)
        if begin <= mark.start < end:
            first, before = index, word.text[: mark.start - begin]
        if begin < mark.end <= end:
            last, after = index, word.text[mark.end - begin :]
        begin = end + 1
    start, end_time = segment.words[first].start, segment.words[last].end
    marker = Word(f"{before}{mark.kind.marker}{after}", start, end_time)
    words = (*segment.words[:first], marker, *segment.words[last + 1 :])
    return replace(segment, text=joined(words), words=words), Finding(mark.kind, segment.speaker, start, end_time)
