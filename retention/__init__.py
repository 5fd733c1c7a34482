"""How long, and the end: runs of the retention rules, the erasure of a person, and what lies about unclaimed."""
