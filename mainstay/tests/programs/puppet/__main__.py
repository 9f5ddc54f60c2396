"""`python -m puppet child <role>`: reports what it was told, and behaves by its role and by what it is told to be."""

import json
import os
import signal
import socket
import sys
import time

role = sys.argv[2]
orders = json.loads(sys.stdin.buffer.readline())
nature = orders["environment"].get(f"{role.upper()}_IS", role)
if nature == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
if nature == "refusing":
    sys.exit(2)
began = sys.stdin.buffer.readline() == b"begin\n"
with open(orders["environment"]["REPORT"], "a") as report:  # noqa: PTH123  as little as possible is loaded here
    report.write(f"{role} {began} {os.getpid()} {os.getsid(0) == os.getpid()}\n")
if nature == "crash":
    sys.exit(3)
if orders["report"] is not None:
    with os.fdopen(orders["report"], "w") as report:
        json.dump({"title": "Puppet", "version": "1", "notices": ["Pull the strings: /strings"]}, report)
if orders["listener"] is not None and role == "api":
    listener = socket.socket(fileno=orders["listener"])
    while True:
        caller, _ = listener.accept()
        caller.recv(4096)
        caller.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        caller.close()
time.sleep(60)
