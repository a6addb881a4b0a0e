"""The custody log: what was done, by whom, on which device, in an order that cannot be changed unnoticed."""
