"""A job says how far it has come to whoever watches it, and to nobody where nobody does."""

from mainstay.messages.progress import Progress, in_hand, report


def test_it_is_said_to_who_watches() -> None:
    watched = Progress()
    token = in_hand.set(watched)
    try:
        report(1, 2)
        assert watched == Progress(1, 2)
        report(5)
        assert watched == Progress(5, None)
    finally:
        in_hand.reset(token)

    report(9)
    assert watched == Progress(5, None)
