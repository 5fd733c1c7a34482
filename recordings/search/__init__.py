"""Search in what was said, by whoever may read it."""
