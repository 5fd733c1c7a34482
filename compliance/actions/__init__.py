"""Every write to rules and evidence."""
