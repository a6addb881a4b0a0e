"""Practice: invented interviews, and the whole job done on them."""
