"""Where records live on this machine, and what is done with them."""
