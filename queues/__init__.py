"""Waiting: queues, who waits in them and for how long, whom to ask next, and calling back."""
