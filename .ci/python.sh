#!/bin/sh
# Prints the first Python 3.11 or newer on this machine; nothing when there is none.
for python in python3 python3.11 python3.12 python3.13 python3.14 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        echo "$python"
        exit 0
    fi
done
