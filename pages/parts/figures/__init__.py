"""What pages draw: charts, tables, the claims' cards, the sections of the diagnosis, and their colors."""
