"""Phone numbers and e-mail addresses: what a contact is reached by, in the forms that can be compared."""
