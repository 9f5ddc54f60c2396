"""Tools that build, check and document the repository; the Makefile and the hooks call them."""
