"""`python -m puppet child <role>`: reports what it was told, and lives, dies or refuses to die by its role."""

import json
import os
import signal
import sys
import time

role = sys.argv[2]
if role == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
orders = json.loads(sys.stdin.buffer.readline())
began = sys.stdin.buffer.readline() == b"begin\n"
with open(orders["environment"]["REPORT"], "a") as report:  # noqa: PTH123  as little as possible is loaded here
    report.write(f"{role} {began} {os.getpid()} {os.getsid(0) == os.getpid()}\n")
if role == "crash":
    sys.exit(3)
time.sleep(60)
