"""What a page draws: its charts, its tables, and their colors."""
