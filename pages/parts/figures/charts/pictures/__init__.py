"""Charts made of pictures that follow the training, at a step chosen in the browser."""
