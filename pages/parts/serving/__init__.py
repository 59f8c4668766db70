"""Training on behalf of viewers: whose turn it is, what is kept, and what is said when it does not work."""
