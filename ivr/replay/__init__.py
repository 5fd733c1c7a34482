"""What callers of the past would have met in a draft: their recorded visits, walked again by the same engine."""
