"""Whether a number may be called now, by which rule not, and what calls cost: every call to the outside asks here."""
