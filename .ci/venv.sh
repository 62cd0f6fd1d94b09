#!/bin/sh
# Creates .venv; gets the system's venv package where Debian and Ubuntu leave it out.
set -eu
python=${1:-}
if [ -z "$python" ]; then
    echo "No Python 3.11 or newer found. On Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2
    exit 1
fi
if "$python" -m venv .venv >/dev/null 2>&1; then
    exit 0
fi
rm -rf .venv
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
packages="python3-venv python$version-venv"
. .ci/root.sh
if [ -n "$root" ]; then
    echo "Python's venv module is missing: installing python$version-venv."
    # The one name or the other exists, depending on the release.
    for package in $packages; do
        $root apt-get install -y -qq "$package" </dev/null >/dev/null 2>&1 \
            || { $root apt-get update -qq </dev/null >/dev/null 2>&1 && $root apt-get install -y -qq "$package" </dev/null >/dev/null 2>&1; } \
            || true
    done
fi
"$python" -m venv .venv && exit 0
rm -rf .venv
echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install $packages" >&2
exit 1
