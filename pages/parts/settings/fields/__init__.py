"""The kinds of settings a page can have: label, default, and how each is read from and written to a link or a file."""

from pages.parts.settings.fields.declarations import (
    amount,
    choice,
    integer,
    log_scale,
    multi_choice,
    scale,
    setting,
    text,
    toggle,
    typed_number,
)
from pages.parts.settings.fields.kinds import (
    Amount,
    Choice,
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

__all__ = [
    "Amount",
    "Choice",
    "Field",
    "Integer",
    "MultiChoice",
    "Number",
    "Scale",
    "Text",
    "Toggle",
    "TypedNumber",
    "amount",
    "choice",
    "integer",
    "log_scale",
    "multi_choice",
    "read_number",
    "round_numbers",
    "scale",
    "setting",
    "slug",
    "text",
    "toggle",
    "typed_number",
]
