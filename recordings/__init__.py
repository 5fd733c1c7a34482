"""Media: recordings and voicemails, from Twilio's first word of them to the person who listens."""
