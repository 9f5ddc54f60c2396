"""Shop: the business, its stores and its tax rates."""
