"""Where people talk: conferences that the server owns, who is in them, and who hears whom."""
