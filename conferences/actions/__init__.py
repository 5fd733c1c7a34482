"""Every write to conferences and who is in them."""
