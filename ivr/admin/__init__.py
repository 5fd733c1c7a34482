"""Where people write flows and all that they are made of. Each page calls an action, or saves an authored row."""

from ivr.admin import closing, flows, lines, prompts, schedules, sources, steps

__all__ = ["closing", "flows", "lines", "prompts", "schedules", "sources", "steps"]
