"""The rights of contacts, and what they reach; whoever stands at the till takes cards too, but no address book home."""

from mainstay.permission import Permission, Records

READ = Permission("crm.read", "See contacts", frozenset({"manager", "cashier", "employee", "read_only"}))
SEE_PERSONAL = Permission(
    "crm.see_personal",
    "See phones, addresses and notes of contacts",
    frozenset({"manager", "cashier", "employee", "read_only"}),
)
WRITE = Permission("crm.write", "Change contacts", frozenset({"manager", "cashier", "employee"}))
EXPORT = Permission("crm.export", "Take contacts out as files", frozenset({"manager"}))

# Contacts with their stories, and cards with their pictures.
CONTACTS = Records("crm.contacts", "Contacts")
