"""What surrounds every page: the way to it, its frame, the toolbar, the story, and presenting."""
