"""What mean-field theory predicts of a network at its start, and how well a measurement agrees with it."""
