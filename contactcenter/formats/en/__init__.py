"""English, as read all over the world: the day before the month's name, and 24 hours."""
