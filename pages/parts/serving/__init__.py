"""Training on behalf of viewers: whose turn it is, what is kept, what is refused."""
