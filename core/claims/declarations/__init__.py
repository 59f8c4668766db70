"""The eighteen claims themselves, a declaration each."""
