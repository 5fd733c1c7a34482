"""Twilio's REST API 2010-04-01, as far as voice applications use it."""

from simulator.rest.request import NoAnswer, RestResponse

__all__ = ["NoAnswer", "RestResponse"]
