"""The page on which a flow is written: the picture or the outline, and the panels beside it."""
