"""What of webhooks can be switched while the program runs."""

from mainstay.flags.flag import Flag, Said

DELIVERY = Flag(
    "webhooks.delivery",
    Said(
        "Webhooks are delivered; switched off, deliveries are kept and wait.",
        "Вебхуки доставляются; если выключить, доставки сохраняются и ждут.",
    ),
    default=True,
    is_for_all=True,
)
