"""The form of a scenario: what is expected of its call, in words that are chosen, not typed, where that is possible."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from ivr.kinds.queue import Queue
from ivr.kinds.ring import Ring
from ivr.kinds.settings import NAME
from ivr.scenarios import filling, words
from ivr.scenarios.expected import Expected, Goal, Way
from ivr.trial.told import Trial
from ivr.trial.world import World

MOST_LETTERS = 10_000
#: between step and exit in a choice: no step's key has one
BETWEEN = ":"


class ScenarioForm(forms.Form):
    """What a scenario is called, and what it expects."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=UnfoldAdminTextInputWidget())
    said = forms.CharField(
        label=_("The caller must hear"),
        required=False,
        max_length=MOST_LETTERS,
        help_text=_(
            "One text, or part of one, in each line, in the order in which they are heard. Capitals and spaces do not"
            " count. Empty: whatever is heard, so that another wording does not make it fail."
        ),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )
    all_said = forms.BooleanField(
        label=_("All that the caller hears now, word for word"),
        required=False,
        help_text=_("In place of the lines above."),
    )
    reached = forms.ChoiceField(
        label=_("In the end the caller"), required=False, widget=UnfoldAdminSelectWidget(), choices=()
    )
    exits = forms.MultipleChoiceField(
        label=_("The call must leave"),
        required=False,
        help_text=_("Tick what matters."),
        widget=forms.CheckboxSelectMultiple(),
        choices=(),
    )
    another = forms.ChoiceField(
        label=_("And also"), required=False, widget=UnfoldAdminSelectWidget(), choices=(), help_text=_("One more exit.")
    )
    variables = forms.CharField(
        label=_("What the call must have kept"),
        required=False,
        max_length=MOST_LETTERS,
        help_text=_("One in each line, like order = 12. Empty: whatever is kept."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, world: World, trial: Trial, expected: Expected, name: str, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "name": name,
            "said": "\n".join(expected.said),
            "reached": str(expected.reached or ""),
            "exits": [_choice(way) for way in expected.exits],
            "variables": "\n".join(f"{key} = {value}" for key, value in expected.variables.items()),
        }
        super().__init__(*args, **kwargs)
        self.trial = trial
        standing = trial.stays[-1].step if trial.stays else ""
        now = words.goal_of(world, trial.reached, standing=standing)
        goals = dict.fromkeys(goal for goal in (expected.reached, now) if goal)
        self._choose("reached", [("", _("may be anywhere")), *_goals(world, goals)])
        taken = dict.fromkeys([Way(one.step, one.exit) for one in trial.path])
        offered = [*taken, *(way for way in expected.exits if way not in taken)]
        self._choose("exits", [(_choice(way), _leaves(world, way)) for way in offered])
        others = [way for way in _all_exits(world) if way not in offered]
        self._choose("another", [("", "—"), *((_choice(way), _leaves(world, way)) for way in others)])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_variables(self) -> dict[str, str]:
        found = {}
        for line in filter(str.strip, self.cleaned_data["variables"].splitlines()):
            name, is_given, value = line.partition("=")
            if not is_given or not re.fullmatch(NAME, name.strip()):
                told = _("“%(line)s” is not written like order = 12.") % {"line": line.strip()}
                raise ValidationError(told)
            found[name.strip()] = value.strip()
        return found

    @property
    def expected(self) -> Expected:
        """What was chosen and written, once it is valid."""
        given = self.cleaned_data
        chosen = [*given["exits"], *filter(None, [given["another"]])]
        written = (" ".join(line.split()) for line in given["said"].splitlines())
        return Expected(
            said=filling.texts(self.trial) if given["all_said"] else tuple(filter(None, written)),
            reached=Goal.read(given["reached"]) if given["reached"] else None,
            exits=tuple(Way(*one.split(BETWEEN, 1)) for one in chosen),
            variables=given["variables"],
        )


def _choice(way: Way) -> str:
    return f"{way.step}{BETWEEN}{way.exit}"


def _leaves(world: World, way: Way) -> str:
    step = words.find_step(world, way.step)
    if step is None:
        return str(_("a step that is gone, by “%(exit)s”") % {"exit": way.exit})
    return f"“{step.name}” by “{words.exit_label(step, way.exit)}”"


def _all_exits(world: World) -> Iterator[Way]:
    return (Way(step, exit_) for step, exit_ in words.exits(world.document))


def _goals(world: World, first: Iterable[Goal]) -> list[Any]:
    """Offer where this call may be expected first, then the ends and steps of the flow, in groups."""
    document = world.document
    steps = list(document.steps.values())
    queues = dict.fromkeys(step.reference for step in steps if isinstance(step, Queue) and step.reference)
    mailboxes = dict.fromkeys(step.reference for step in steps if step.TAKES == "mailbox" and step.reference)
    rooms = dict.fromkeys(step.reference for step in steps if step.TAKES == "room" and step.reference)
    calls = dict.fromkeys(step.reference for step in steps if step.KIND == "call_back" and step.reference)
    ends = [
        *(Goal("person", key) for key in queues),
        *(Goal("rung", step.id) for step in steps if isinstance(step, Ring)),
        *(Goal("waiting", key) for key in queues),
        *(Goal("mailbox", key) for key in mailboxes),
        *(Goal("callback", key) for key in calls),
        *(Goal("room", key) for key in rooms),
        *(Goal("away", step.id) for step in steps if step.KIND == "send_away"),
        Goal("ended"),
    ]
    taken = set(first)
    groups = [
        (_("This call"), list(first)),
        (_("An end"), [goal for goal in ends if goal not in taken]),
        (_("A step"), [goal for goal in (Goal("step", step.id) for step in steps) if goal not in taken]),
    ]
    return [(label, [(str(goal), _in_words(world, goal)) for goal in goals]) for label, goals in groups if goals]


def _in_words(world: World, goal: Goal) -> str:
    name = words.name_of(world, words.KEYS.get(goal.kind, ""), goal.key)
    return words.goal_in_words(goal, name or str(_("nothing: it is gone")))
