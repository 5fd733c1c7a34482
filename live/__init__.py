"""News that something on a screen has changed: only the topic travels, the browser asks for the rest."""
