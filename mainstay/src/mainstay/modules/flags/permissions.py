"""The rights of flags."""

from mainstay.permission import Permission

READ = Permission("flags.read", "See what is switched for whom, and how experiments stand", frozenset({"manager"}))
# Who switches has the whole program stand still if they like.
WRITE = Permission("flags.write", "Switch what can be switched, begin and end experiments")
