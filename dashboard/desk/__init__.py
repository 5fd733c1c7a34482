"""The desk of an agent: one page, its panels, and what is pressed on it."""
