"""Where people write flows and all that they are made of. Each page calls an action, or saves an authored row."""

from ivr.admin import flows, lines, prompts, schedules, sources, steps

__all__ = ["flows", "lines", "prompts", "schedules", "sources", "steps"]
