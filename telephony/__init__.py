"""Twilio's border: the only package that imports the Twilio library."""
