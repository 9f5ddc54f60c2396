"""People, their sessions and what they may do: sign-in, invitations and the first owner."""
