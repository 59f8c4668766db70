"""What can be taken away from a page, as files that work without it."""
