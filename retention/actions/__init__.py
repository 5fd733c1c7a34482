"""Every write of retention, a module for each subject."""
