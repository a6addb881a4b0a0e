"""The `testimony` command: each use case without the screens, for scripts and for people who prefer a prompt."""
