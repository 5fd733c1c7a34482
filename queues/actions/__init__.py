"""Every write to queues, who waits in them, and who is to be called back."""
