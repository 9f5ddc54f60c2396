"""The server's settings, with the reason for each; written beside the cluster's own configuration at every start."""

import os
from pathlib import Path

FILE_NAME = "mainstay.conf"

SETTINGS = """\
# Written by the program at every start: changes here are lost. Use ALTER SYSTEM, or the lines of postgresql.conf after
# the one that includes this file; both win over it.

# Reached through the socket only; its folder is open to the server's account and root alone.
listen_addresses = ''
unix_socket_directories = '../socket'
unix_socket_permissions = 0700
cluster_name = 'mainstay'                   # tells it apart in the list of processes

# A small machine that also runs the program itself, on solid-state storage.
max_connections = 100                       # pools of the program and its workers use about 40
shared_buffers = 256MB                      # a shop's hot tables; taken only as they are read
effective_cache_size = 1GB                  # what the system's file cache holds besides
work_mem = 8MB                              # per sort, times the connections that sort at once
maintenance_work_mem = 64MB                 # index builds and vacuum
random_page_cost = 1.1                      # a random read costs little more than the next page
jit = off                                   # compiling takes longer than these short statements run

# What was answered as done survives a kill and a power cut.
fsync = on
full_page_writes = on
synchronous_commit = on
wal_level = replica                         # pg_basebackup and archiving stay possible
wal_compression = on                        # full pages make most of the log; less to sync per commit
max_wal_size = 1GB                          # rare checkpoints while an import runs, recovery still within seconds
min_wal_size = 128MB                        # log files are reused rather than created in a sale
checkpoint_timeout = 15min                  # pages are written once per checkpoint, not at each sale

# One zone everywhere; stores have their own.
timezone = 'UTC'
log_timezone = 'UTC'

# A week of logs, one file per weekday, each overwritten a week later.
logging_collector = on
log_directory = '../log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %q%a %u@%d '
log_min_duration_statement = 500ms          # slow statements, with the program's name for the connection
log_lock_waits = on                         # who waited longer than deadlock_timeout
log_temp_files = 16MB                       # sorts that did not fit work_mem
log_autovacuum_min_duration = 10s
# Personal data stay out of the log: neither parameters nor the detail that quotes the failing row.
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
"""


def include_line() -> str:
    """Return the line for postgresql.conf that reads these settings; a restored copy without the file still starts."""
    return f"\n# The program's settings; what follows this line wins over them.\ninclude_if_exists '{FILE_NAME}'\n"


def write_settings(cluster: Path, more: str = "") -> Path:
    """Replace the settings file inside `cluster` and return its path; readers see the old one or the new one.

    `more` are lines of this start alone.
    """
    path = cluster / FILE_NAME
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    # "x" creates the file and never follows a link that the server's account may have put there.
    with fresh.open("x", encoding="utf-8") as file:
        file.write(SETTINGS + more)
        # The server's account reads it, whatever the program's umask is; the folder keeps everyone else out.
        os.fchmod(file.fileno(), 0o644)
    return fresh.replace(path)
