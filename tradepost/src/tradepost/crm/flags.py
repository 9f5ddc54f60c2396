"""What of contacts can be switched while the program runs."""

from mainstay.flags.flag import Flag, Said

CARD_SCANNING = Flag(
    "crm.card_scanning",
    Said(
        "Pictures of business cards can be sent in; those that are there already are read.",
        "Можно отправлять фотографии визиток; уже отправленные распознаются.",
    ),
    default=True,
)
CONTACT_IMPORTS = Flag(
    "crm.imports",
    Said("Files of contacts can be imported.", "Можно импортировать файлы с контактами."),
    default=True,
)
