"""What must be obeyed and proven: what may be recorded, who agreed, what is held, how long, and who had access."""
