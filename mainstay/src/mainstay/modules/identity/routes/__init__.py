"""The identity routes: set-up and invitations, the session, people."""
