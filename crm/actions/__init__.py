"""Every write to events, subscriptions and deliveries."""
