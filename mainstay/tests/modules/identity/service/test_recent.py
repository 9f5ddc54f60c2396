"""What a process remembers of bearers: little, briefly, and nothing of what has ended."""

from mainstay import ids
from mainstay.modules.identity.service.recent import RecentActors
from mainstay.work import Actor


def person() -> Actor:
    return Actor("person", ids.new_id())


def test_an_actor_is_remembered_for_the_time_and_not_longer() -> None:
    recent, ada, source = RecentActors(), person(), ids.new_id()

    recent.put(b"long", ada, source, 60)
    recent.put(b"short", ada, source, 0.000001)
    recent.put(b"never", ada, source, 0)

    assert recent.find(b"long") is ada
    assert [recent.find(digest) for digest in (b"short", b"never", b"other")] == [None, None, None]


def test_the_memory_is_bounded_and_the_oldest_make_room() -> None:
    recent, ada = RecentActors(size=2), person()

    for number in range(4):
        recent.put(b"%d" % number, ada, ids.new_id(), 60)

    assert [recent.find(b"%d" % number) is ada for number in range(4)] == [False, False, True, True]


def test_what_came_by_an_ended_source_is_forgotten_and_nothing_else() -> None:
    recent, ada, ended, other = RecentActors(), person(), ids.new_id(), ids.new_id()
    recent.put(b"ended", ada, ended, 60)
    recent.put(b"other", ada, other, 60)

    recent.drop(source=ended)

    assert recent.find(b"ended") is None
    assert recent.find(b"other") is ada


def test_a_person_is_forgotten_wherever_they_came_by_but_by_what_is_kept() -> None:
    recent, ada, bob, kept = RecentActors(), person(), person(), ids.new_id()
    recent.put(b"kept", ada, kept, 60)
    recent.put(b"ada", ada, ids.new_id(), 60)
    recent.put(b"bob", bob, ids.new_id(), 60)

    recent.drop(person_id=ada.id, keep=kept)

    assert recent.find(b"kept") is ada
    assert recent.find(b"ada") is None
    assert recent.find(b"bob") is bob
