"""Agents as a CSV file: what a file says, what it would change, and the file of those who are here."""
