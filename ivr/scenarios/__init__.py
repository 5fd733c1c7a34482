"""Scenarios: calls as they should go, tried again whenever a flow changes."""
