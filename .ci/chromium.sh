#!/bin/sh
# Makes sure the browser tests find a Chromium; says how to get one when it cannot, and never fails the run.
set -u
for browser in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$browser" >/dev/null 2>&1; then
        exit 0
    fi
done
. .ci/root.sh
if [ -n "$root" ]; then
    echo "Installing Chromium for the browser tests."
    $root apt-get update -qq </dev/null >/dev/null 2>&1 || true
    if $root apt-get install -y -qq --no-install-recommends chromium </dev/null >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "No Chromium: the browser tests will be skipped. To run them: sudo apt-get install chromium" >&2
exit 0
