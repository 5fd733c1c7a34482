"""Calls that somebody asked for: click to call, a flow that rings, later at a given time."""
