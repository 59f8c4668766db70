"""One training, in the article's notation: what is computed, what is recorded, and how it is shared out."""
