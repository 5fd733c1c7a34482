"""What is certain of every call that begins in a flow."""
