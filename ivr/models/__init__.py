"""Flows and what they are made of, their published versions, the lines that lead to them, and the visits of calls."""

from ivr.models.drafts import Exit, Flow, FlowLanguage, Source, Step, StepPrompt, WaitItem
from ivr.models.editing import Edit, OpenPage
from ivr.models.figures import StepCount
from ivr.models.hours import (
    Closure,
    ClosureEvent,
    DatedException,
    HolidayYear,
    Interval,
    PublicHoliday,
    Schedule,
    YearlyDate,
)
from ivr.models.prompts import Audio, Prompt, Wording
from ivr.models.releases import Release
from ivr.models.replays import Replay, ReplayedVisit
from ivr.models.scenarios import Scenario
from ivr.models.visits import Line, LookUp, Version, Visit

__all__ = [
    "Audio",
    "Closure",
    "ClosureEvent",
    "DatedException",
    "Edit",
    "Exit",
    "Flow",
    "FlowLanguage",
    "HolidayYear",
    "Interval",
    "Line",
    "LookUp",
    "OpenPage",
    "Prompt",
    "PublicHoliday",
    "Release",
    "Replay",
    "ReplayedVisit",
    "Scenario",
    "Schedule",
    "Source",
    "Step",
    "StepCount",
    "StepPrompt",
    "Version",
    "Visit",
    "WaitItem",
    "Wording",
    "YearlyDate",
]
