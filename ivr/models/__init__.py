"""Flows and what they are made of, their published versions, the lines that lead to them, and the visits of calls."""

from ivr.models.drafts import Exit, Flow, FlowLanguage, Source, Step, StepPrompt, WaitItem
from ivr.models.editing import Edit, OpenPage
from ivr.models.figures import StepCount
from ivr.models.hours import DatedException, Interval, Schedule
from ivr.models.prompts import Audio, Prompt, Wording
from ivr.models.visits import Line, LookUp, Version, Visit

__all__ = [
    "Audio",
    "DatedException",
    "Edit",
    "Exit",
    "Flow",
    "FlowLanguage",
    "Interval",
    "Line",
    "LookUp",
    "OpenPage",
    "Prompt",
    "Schedule",
    "Source",
    "Step",
    "StepCount",
    "StepPrompt",
    "Version",
    "Visit",
    "WaitItem",
    "Wording",
]
