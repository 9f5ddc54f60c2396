"""The rights of the mail module."""

from mainstay.permission import Permission

# The owner's alone: the mailbox of a program in development shows links that let people in.
MANAGE = Permission("mail.manage", "See what became of mails, and try them again")
