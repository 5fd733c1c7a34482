"""A day of calls played against a running simulator: callers who come, wait and leave, and people who are rung."""
