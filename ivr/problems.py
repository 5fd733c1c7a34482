"""What is wrong with a document, told in words before it is published. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ivr import ssml, voices
from ivr.document import Document
from ivr.engine import MOST_HOPS
from ivr.kinds.base import Problem, Step
from ivr.kinds.call_back import CallBack
from ivr.kinds.go_to import GoToFlow
from ivr.kinds.language import Language
from ivr.kinds.queue import Queue
from ivr.kinds.ring import Ring
from ivr.script import RESERVED, Prompt, Wording, names_in
from telephony.twiml import render

#: bytes that all a step says may take together, so that it stays within an answer with everything around it
MOST_WORDS = 30_000

_REFERENCES = {
    "schedule": "opening hours",
    "mailbox": "mailbox",
    "to_flow": "flow to go to",
    "queue": "queue",
    "room": "conference room",
    "source": "source to ask",
}
#: what a text must have to say the number that it is there for
PLACEHOLDERS = {"position": ("{position}",), "estimate": ("{low}", "{high}")}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What must be known beyond the document. None: not known, so not checked.

    `numbers` may be shown as caller ID; `published` are the ids of flows that have a version. `queues` tells of each
    queue by id what keeps its callers from being taken, in sentences. `long` are sounds, by hash, of over a minute.
    """

    numbers: frozenset[str] | None = None
    published: frozenset[str] | None = None
    queues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    long: frozenset[str] = frozenset()


def problems(document: Document, *, knowledge: Knowledge) -> tuple[Problem, ...]:
    """Find all that is wrong with `document`. Errors stop it from being published; they come before warnings."""
    found = [*_flow(document), *_prompts(document), *_ways(document), *_variables(document)]
    for step in document.steps.values():
        found += (*_step(document, step), *step.problems(), *_references(document, step, knowledge))
        found += _wait(document, step, knowledge)
    return tuple(sorted(found, key=lambda problem: problem.severity))


def _flow(document: Document) -> Iterator[Problem]:
    if not document.first:
        yield Problem("no_first_step", "error", "", f"Flow “{document.flow_name}” has no first step.")
    if not document.script.languages:
        yield Problem("no_language", "error", "", f"Flow “{document.flow_name}” speaks no language.")
    for language, voice in document.script.languages.items():
        where = f"flow “{document.flow_name}”"
        if language not in voices.LANGUAGES:
            yield Problem("unknown_language", "error", "", f"The language {language} of {where} is not known.")
        else:
            yield from _voice(voice, language, "", where)


def _voice(voice: str, language: str, step: str, where: str) -> Iterator[Problem]:
    spoken = voices.languages_of(voice)
    if not voice:
        yield Problem("unknown_voice", "error", step, f"There is no voice for {language} in {where}.")
    elif not spoken:
        yield Problem("unknown_voice", "error", step, f"The voice {voice} in {where} is not known.")
    elif language not in spoken:
        text = f"The voice {voice} in {where} speaks {', '.join(sorted(spoken))}, not {language}."
        yield Problem("foreign_voice", "warning", step, text)


def _prompts(document: Document) -> Iterator[Problem]:
    """Look at each prompt once, in the name of the first step that says it."""
    users: dict[str, Step] = {}
    for step in document.steps.values():
        for key in step.said():
            users.setdefault(key, step)
    for key, step in users.items():
        prompt = document.script.prompts[key]
        where = f"prompt “{prompt.name}” of step “{step.name}”"
        for language in document.script.languages:
            wording = prompt.wordings.get(language)
            if wording is None or not (wording.text.strip() or wording.audio):
                yield step.error("missing_language", f"There is no wording in {language} for {where}.")
        for language, wording in prompt.wordings.items():
            if language in document.script.languages and not wording.audio:
                yield from _wording(document, step, wording, language, f"{where} in {language}")


def _wording(document: Document, step: Step, wording: Wording, language: str, where: str) -> Iterator[Problem]:
    voice = document.script.voice(wording, language)
    if wording.voice:
        yield from _voice(voice, language, step.id, where)
    if not ssml.is_markup(wording.text):
        return
    for fault in ssml.check(wording.text, voices.tags(voice)):
        yield step.error("bad_markup", f"In {where}, at character {fault.position + 1}: {fault.text}")
    size, limit = voices.size(wording.text, voice), voices.limit(voice)
    if size > limit:
        text = f"The text of {where} has {size} characters; with tags it cannot be split, and {voice} takes {limit}."
        yield step.error("too_long", text)


def _size(document: Document, prompt: Prompt, key: str, language: str) -> int:
    # most texts are short, and need not be written to know it
    if language in prompt.wordings and len(prompt.wordings[language].text) <= voices.SHORT:
        return 6 * voices.SHORT if prompt.wordings[language].text else 200
    return len(render(document.script.say(key, language, media="")).encode())


def _step(document: Document, step: Step) -> Iterator[Problem]:
    for exit_ in step.exit_names():
        if exit_.required and exit_.name not in step.exits:
            yield step.error("missing_exit", f"Exit “{exit_.label}” of step “{step.name}” leads nowhere.")
    for role in step.PROMPTS:
        if role.required and role.name not in step.prompts:
            yield step.error("missing_prompt", f"Step “{step.name}” has no prompt “{role.label}”.")
    yield from _length(document, step)
    if any(option.words and step.is_by_caller(option.exit) for option in step.options):
        for language in document.script.languages:
            if not voices.heard_as(language):
                text = f"Twilio does not understand speech in {language}, which step “{step.name}” listens to."
                yield step.warning("not_understood", text)


def _wait(document: Document, step: Step, knowledge: Knowledge) -> Iterator[Problem]:
    """Look at what those hear who wait, and at the texts that are to say a number."""
    numbered = [(item.prompt, PLACEHOLDERS.get(item.kind, ())) for item in step.wait_items]
    if isinstance(step, CallBack):
        numbered.append((step.prompts.get("confirm", ""), ("{number}",)))
    for key, names in numbered:
        for language, wording in _wordings(document, key):
            missing = [name for name in names if name not in wording.text or wording.audio]
            if missing:
                where = f"Prompt “{document.script.prompts[key].name}” of step “{step.name}” in {language}"
                yield step.error("no_number", f"{where} lacks {' and '.join(missing)}, which stands for the number.")
    for key in dict.fromkeys(item.prompt for item in step.wait_items):
        for language, wording in _wordings(document, key):
            where = f"What prompt “{document.script.prompts[key].name}” says in {language} in step “{step.name}”"
            if wording.audio in knowledge.long:
                text = f"{where} lasts over a minute: meanwhile nobody looks whether the wait is over."
                yield step.warning("long_item", text)
            if _size(document, document.script.prompts[key], key, language) > MOST_WORDS:
                yield step.error("too_long", f"{where} is too long: at most {MOST_WORDS // 1000} kB fit.")


def _wordings(document: Document, key: str) -> Iterable[tuple[str, Wording]]:
    prompt = document.script.prompts.get(key)
    return prompt.wordings.items() if prompt else ()


def _variables(document: Document) -> Iterator[Problem]:
    """Look for names in braces that nothing has a value for, and for values that no prompt can say."""
    for step in document.steps.values():
        for name in step.brings():
            if name in RESERVED:
                text = f"Step “{step.name}” keeps something as “{name}”, which stands for something else in prompts."
                yield step.warning("reserved_name", text)
        unknown = {
            name: document.script.prompts[key].name
            for key in step.said()
            for _language, wording in _wordings(document, key)
            for name in names_in(wording.text)
            if name not in document.variables
        }
        for name in dict.fromkeys(step.reads()):
            if name not in document.variables:
                text = f"Step “{step.name}” uses “{name}”, which no step of this flow keeps."
                yield step.warning("unknown_variable", text)
        for name, prompt in unknown.items():
            text = f"Prompt “{prompt}” of step “{step.name}” says {{{name}}}, which no step of this flow keeps."
            yield step.warning("unknown_variable", text)


def _length(document: Document, step: Step) -> Iterator[Problem]:
    sizes = Counter[str]()
    for key in step.prompts.values():
        for language in document.script.languages:
            # a choice of languages says its prompts in all of them
            said_with = "" if isinstance(step, Language) else language
            sizes[said_with] += _size(document, document.script.prompts[key], key, language)
    most = max(sizes.values(), default=0)
    if most > MOST_WORDS:
        fit = f"{most // 1000} kB; at most {MOST_WORDS // 1000} kB fit"
        yield step.error("too_long", f"What step “{step.name}” says is too long: {fit}.")


def _references(document: Document, step: Step, knowledge: Knowledge) -> Iterator[Problem]:
    if step.TAKES and step.TAKES_REQUIRED and not step.reference:
        yield step.error(f"missing_{step.TAKES}", f"Step “{step.name}” has no {_REFERENCES[step.TAKES]}.")
    match step:
        case Ring(caller_id=number) if number and knowledge.numbers is not None and number not in knowledge.numbers:
            text = f"Step “{step.name}” shows the number {number}, which is not one of ours."
            yield step.error("unknown_caller_id", text)
        case GoToFlow(reference=flow) if flow and flow != document.flow:
            if knowledge.published is not None and flow not in knowledge.published:
                text = f"Step “{step.name}” goes to a flow that is not published."
                severity = step.warning if "unavailable" in step.exits else step.error
                yield severity("unpublished_flow", text)
        case Queue(reference=queue):
            for sentence in knowledge.queues.get(queue, ()):
                yield step.warning("nobody_takes", f"Step “{step.name}”: {sentence}")
        case CallBack(reference=queue) if queue and not _waited_before(document, step):
            text = f"No way leads from its queue to step “{step.name}”, so that callers begin at the end of the line."
            yield step.warning("no_queue_before", text)
        case Language():
            for option in step.options:
                if option.language and option.language not in document.script.languages:
                    text = (
                        f"Option “{option.exit}” of step “{step.name}” sets {option.language}, no language of the flow."
                    )
                    yield step.error("missing_language", text)


def _waited_before(document: Document, step: Step) -> bool:
    """Whether somebody who comes to a step can have waited in the queue that it names."""
    ways = {one.id: [target for target, _ in _exits(document, one)] for one in document.steps.values()}
    waiting = [one for one in document.steps.values() if isinstance(one, Queue) and one.reference == step.reference]
    return any(step.id in _reached(ways, ways[one.id]) for one in waiting)


def _ways(document: Document) -> Iterator[Problem]:
    """Follow the exits: what is never reached, what never ends, what goes on without the caller."""
    if not document.first:
        return
    ways = {step.id: [target for target, _ in _exits(document, step)] for step in document.steps.values()}
    reached = _reached(ways, [document.first])
    for step in document.steps.values():
        if step.id not in reached:
            yield step.warning("unreachable", f"No way leads to step “{step.name}”.")
    yield from _dead_ends(document, ways, reached)
    yield from _loops(document, reached)
    speaking = [id_ for id_ in reached if document.steps[id_].SPEAKS]
    answered = _reached(ways, [target for id_ in speaking for target in ways[id_]])
    for id_ in answered:
        step = document.steps[id_]
        if step.KIND == "reject":
            text = (
                f"Step “{step.name}” can only reject a call that has heard nothing yet, but calls come to it later too."
            )
            yield step.error("reject_not_first", text)


def _exits(document: Document, step: Step) -> Iterator[tuple[str, bool]]:
    """Give the steps that follow `step`, and whether only by what a person does."""
    for exit_ in step.exit_names():
        if exit_.name in step.exits:
            yield step.exits[exit_.name], exit_.by_caller
    if isinstance(step, GoToFlow) and step.reference == document.flow and document.first:
        yield document.first, False


def _reached(ways: Mapping[str, list[str]], starts: list[str]) -> dict[str, None]:
    """Give all steps that can be come to from `starts`, in order."""
    reached = dict.fromkeys(starts)
    todo = list(reached)
    while todo:
        for target in ways[todo.pop()]:
            if target not in reached:
                reached[target] = None
                todo.append(target)
    return reached


def _dead_ends(document: Document, ways: Mapping[str, list[str]], reached: Mapping[str, None]) -> Iterator[Problem]:
    back: dict[str, list[str]] = {id_: [] for id_ in document.steps}
    ends = []
    for step in document.steps.values():
        for target in ways[step.id]:
            back[target].append(step.id)
        # a missing exit is a problem of its own
        incomplete = any(exit_.required and exit_.name not in step.exits for exit_ in step.exit_names())
        leaves = isinstance(step, GoToFlow) and step.reference == document.flow
        if (step.ENDS and not leaves) or incomplete:
            ends.append(step.id)
    ending = _reached(back, ends)
    for id_ in reached:
        if id_ not in ending:
            step = document.steps[id_]
            yield step.error("dead_end", f"From step “{step.name}” no way leads to an end of the call.")


def _loops(document: Document, reached: Mapping[str, None]) -> Iterator[Problem]:
    ways = {id_: [to for to, by_caller in _exits(document, document.steps[id_]) if not by_caller] for id_ in reached}
    loops, order = _walk(ways)
    for loop in loops:
        names = " → ".join(f"“{document.steps[id_].name}”" for id_ in [*loop, loop[0]])
        yield document.steps[loop[0]].error("loop", f"Calls can go round without the caller doing anything: {names}.")
    if loops:
        return
    hops = dict.fromkeys(reached, 1)
    for id_ in order:
        if hops[id_] == MOST_HOPS + 1:
            step = document.steps[id_]
            text = f"More than {MOST_HOPS} steps follow each other without the caller, up to step “{step.name}”."
            yield step.error("too_many_steps", text)
        for target in ways[id_]:
            hops[target] = max(hops[target], hops[id_] + 1)


def _walk(ways: Mapping[str, list[str]]) -> tuple[list[list[str]], list[str]]:
    """Walk to the end of each way, depth first. Give the loops met, and all steps such that ways only lead forward."""
    loops: list[list[str]] = []
    order: list[str] = []
    done: set[str] = set()
    for start in ways:
        path = {} if start in done else {start: iter(ways[start])}
        while path:
            here = next(reversed(path))
            target = next(path[here], None)
            if target is None:
                path.popitem()
                done.add(here)
                order.append(here)
            elif target in path:
                steps = list(path)
                loops.append(steps[steps.index(target) :])
            elif target not in done:
                path[target] = iter(ways[target])
    return loops, order[::-1]
