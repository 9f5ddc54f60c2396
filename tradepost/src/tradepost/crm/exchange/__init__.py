"""Contacts in the forms that other programs write and read: vCard and spreadsheets."""
