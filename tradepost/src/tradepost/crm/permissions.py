"""The rights of the contacts module; whoever stands at the till takes cards too, but takes no address book home."""

from mainstay.permission import Permission

READ = Permission("crm.read", "See contacts", frozenset({"manager", "cashier", "employee", "read_only"}))
SEE_PERSONAL = Permission(
    "crm.see_personal",
    "See phones, addresses and notes of contacts",
    frozenset({"manager", "cashier", "employee", "read_only"}),
)
WRITE = Permission("crm.write", "Change contacts", frozenset({"manager", "cashier", "employee"}))
EXPORT = Permission("crm.export", "Take contacts out as files", frozenset({"manager"}))
