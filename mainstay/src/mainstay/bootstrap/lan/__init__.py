"""HTTPS for the devices of a shop's own network: a local certificate authority, and a page that has it trusted."""
