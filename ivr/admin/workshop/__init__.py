"""The workshop: the page of a flow, and what its dock shows."""
