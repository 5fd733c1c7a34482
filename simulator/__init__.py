"""A small Twilio for one machine: REST API, TwiML execution and signed webhooks, on a virtual or a real clock."""
