"""Who a contact may be: text made comparable, in any script."""
