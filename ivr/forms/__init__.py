"""The forms in which flows, prompts and schedules are written."""
