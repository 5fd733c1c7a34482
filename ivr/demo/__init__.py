"""A fictional company to begin with, so that the first call is heard minutes after the project is started."""
