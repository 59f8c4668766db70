"""What surrounds a page: the way to it, its frame, toolbar, story, and presenting."""
