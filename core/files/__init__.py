"""Tables and weights that people hand in, as arrays; nothing else in core reads files of others."""
