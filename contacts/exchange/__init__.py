"""Contacts as a table in a file: what it says, and what it would change."""
