"""What is wrong with what a document says: its languages, voices, texts, and the names in braces. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator

from ivr.document import Document
from ivr.kinds.base import Problem, Step
from ivr.kinds.call_back import CallBack
from ivr.kinds.language import Language
from ivr.problems.knowledge import Knowledge
from ivr.prompts import ssml, voices
from ivr.script import RESERVED, Prompt, Wording, names_in
from telephony.twiml import render

#: bytes that all a step says may take together, so that it stays within an answer with everything around it
MOST_WORDS = 30_000


#: what a text must have to say the number that it is there for
PLACEHOLDERS = {"position": ("{position}",), "estimate": ("{low}", "{high}")}


def of_flow(document: Document) -> Iterator[Problem]:
    """Look at where the flow begins, and at the languages and voices of all that it says."""
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


def of_step(document: Document, step: Step) -> Iterator[Problem]:
    """Look for ways and prompts that the step must have, for what is too long, and for speech that nobody hears."""
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


def _voice(voice: str, language: str, step: str, where: str) -> Iterator[Problem]:
    spoken = voices.languages_of(voice)
    if not voice:
        yield Problem("unknown_voice", "error", step, f"There is no voice for {language} in {where}.")
    elif not spoken:
        yield Problem("unknown_voice", "error", step, f"The voice {voice} in {where} is not known.")
    elif language not in spoken:
        text = f"The voice {voice} in {where} speaks {', '.join(sorted(spoken))}, not {language}."
        yield Problem("foreign_voice", "warning", step, text)


def of_prompts(document: Document) -> Iterator[Problem]:
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


def of_wait(document: Document, step: Step, knowledge: Knowledge) -> Iterator[Problem]:
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


def of_variables(document: Document) -> Iterator[Problem]:
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
