"""Tags and groups: one vocabulary for everything that can be labelled."""
