"""The call: its legs, what Twilio says of them, and everything that happened on them."""
