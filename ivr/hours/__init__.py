"""Opening hours beyond the pure rule (`ivr.opening`): read in all their layers, shown, and asked about."""
