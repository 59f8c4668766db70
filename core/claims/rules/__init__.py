"""The article's claims, each with the experiments that test it and the rule that judges them."""
