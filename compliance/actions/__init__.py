"""Every write to rules and evidence, a module for each subject: `from compliance.actions import access`."""
