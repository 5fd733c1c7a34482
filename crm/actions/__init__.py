"""Every write to keys, events, subscriptions and deliveries, a module for each: `from crm.actions import keys`."""
