"""Money engine: exact prices, discounts, taxes and settlement of a ticket (rules 1 to 8). Import from its files."""
