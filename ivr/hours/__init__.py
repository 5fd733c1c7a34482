"""Opening hours beyond the pure rule (`ivr.hours.opening`): read in all their layers, shown, and asked about."""
