"""What of the catalogue can be switched while the program runs."""

from mainstay.flags.flag import Flag, Said

IMPORTS = Flag(
    "catalog.imports",
    Said("Files of products can be imported.", "Можно импортировать файлы с товарами."),
    default=True,
)
