"""The outside world: keys of the API, events and who receives them, the story of a conversation."""
