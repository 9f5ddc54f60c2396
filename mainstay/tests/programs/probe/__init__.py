"""A program whose routes do everything that a web stack must survive; tests serve it for real."""
