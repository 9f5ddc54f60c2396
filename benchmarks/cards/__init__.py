"""Made cards: drawn into a cache, scored by `make score`, and the model of roles is trained on them."""
