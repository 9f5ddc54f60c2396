"""The API as such: which of its operations are going away, and who still calls them."""
