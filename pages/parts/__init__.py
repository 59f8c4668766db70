"""What pages are made of; whatever is imported first, memory is set up before threads are."""

from pages.parts.serving import memory

memory.share_arenas()
