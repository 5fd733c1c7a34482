"""Text messages: sent by the application, written by people, carried to phones, and told of."""
