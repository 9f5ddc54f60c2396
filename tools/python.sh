#!/bin/sh
# Run a tool with the project's Python when it is there, otherwise with the first Python 3.11 or newer of the machine.
if [ -x .venv/bin/python ]; then
    exec .venv/bin/python "$@"
fi
for python in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" "$@"
    fi
done
if python=$(uv python find --no-python-downloads '>=3.11' 2>/dev/null); then
    exec "$python" "$@"
fi
echo "Python 3.11 or newer is needed and was not found: install it (Debian: apt-get install python3 python3-venv)." >&2
exit 1
