"""The page that takes a device through trusting the shop's certificate authority, in English and Russian."""
