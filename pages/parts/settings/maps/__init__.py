"""Settings of the Map page, and the maps that make a point."""

from pages.parts.settings.maps.map import AS_USUAL, DIGITS, USUAL, Map, page_of
from pages.parts.settings.maps.presets import PRESETS, by_activation
