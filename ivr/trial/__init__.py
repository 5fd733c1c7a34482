"""Trying a flow without a telephone: the very engine and rendering of live calls, in a world that is only supposed."""
