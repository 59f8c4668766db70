"""What pages are made of. Memory is set up here, before there are threads."""

from pages.parts.serving import memory

memory.share_arenas()
