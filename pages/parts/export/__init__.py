"""What can be downloaded from a page, as files that work without it."""
