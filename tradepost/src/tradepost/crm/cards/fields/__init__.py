"""From the lines of a card to its fields."""
