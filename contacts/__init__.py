"""People who call and are called: names, numbers, ids elsewhere, flags, and who wants no texts or calls."""
