"""Charts that are made of pictures, which follow the training at a recorded step that is chosen in the browser."""
