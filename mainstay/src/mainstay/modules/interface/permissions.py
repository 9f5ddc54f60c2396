"""The rights of the interface module."""

from mainstay.permission import Permission

READ = Permission("interface.read", "See who calls what is going away from the API")
