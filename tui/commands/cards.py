"""`card` and `contact`: who we are, and whose keys we compared."""
