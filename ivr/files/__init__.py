"""Flows as files: to read, to compare, to keep in git and to bring elsewhere."""
