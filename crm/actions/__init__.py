"""Every write of the CRM's side, a module for each subject: `from crm.actions import keys`."""
