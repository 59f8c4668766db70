"""What pages are made of. Whichever of it is imported first, memory is seen to before there are many threads."""

from pages.parts.serving import memory

memory.share_arenas()
