"""What people see: the screens, and the `testimony` command."""
