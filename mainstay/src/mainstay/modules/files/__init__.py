"""Files that belong to records: received in pieces, checked, kept in a place for bytes, given to who may have them."""
