"""The board of a supervisor: queues, who waits, agents, conversations, and what can be done about them."""
