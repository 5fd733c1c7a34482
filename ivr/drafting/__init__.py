"""From a draft's rows to what callers get: read, compared, shown, and told of."""
