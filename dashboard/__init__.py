"""What people watch and press: the agents' desk and the supervisors' board. Owns no table."""
