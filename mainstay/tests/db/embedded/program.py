"""A small program with an embedded database, for the tests that kill it: `program.py <data folder> <what to do>`.

It prints one line per step that a test may rely on, each when the step is done.
"""

import os
import sys
import threading
from pathlib import Path

import psycopg

from mainstay.db.embedded import EmbeddedDatabaseError, EmbeddedPostgres


def say(text: object) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def insert_without_end(server: EmbeddedPostgres) -> None:
    """Commit numbers one by one and acknowledge each after its commit."""
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS sale (number bigint PRIMARY KEY)")
        for number in range(1_000_000):
            connection.execute("INSERT INTO sale VALUES (%s)", [number])
            say(number)


def main(folder: str, task: str) -> None:
    server = EmbeddedPostgres(Path(folder), database="shop")
    if task == "start-in-thread":
        thread = threading.Thread(target=server.start)
        thread.start()
        thread.join()
    else:
        try:
            server.start()
        except EmbeddedDatabaseError as refusal:
            sys.exit(str(refusal))
    say("ready")
    if task == "insert":
        insert_without_end(server)
    if task.startswith("fork") and os.fork() == 0:
        if task == "fork-and-stop":
            # What a child does that leaves the parent's blocks.
            server.stop()
        say("forked")
    sys.stdin.read()
    if task == "leave":
        # No stop: the end of the program alone has to end the server.
        sys.exit()
    server.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
