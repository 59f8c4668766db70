"""The kinds of settings a page can have: label, default, and how each is read from and written to a link or a file."""

from pages.parts.settings.fields.kinds import (
    Amount,
    Choice,
    DataChoice,
    Field,
    Integer,
    MultiChoice,
    Number,
    Scale,
    Text,
    Toggle,
    TypedNumber,
)
from pages.parts.settings.fields.numerals import read_number, round_numbers, slug
