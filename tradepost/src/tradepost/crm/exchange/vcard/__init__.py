"""vCard in its versions 2.1, 3.0 and 4.0: the lines of a file, the cards in them, and contacts from and to cards."""
