# Sourced: sets `root` to what runs a command as root without asking ("env" for root, "sudo -n"), empty when nothing does.
root=
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        root="env DEBIAN_FRONTEND=noninteractive"
    elif sudo -n true >/dev/null 2>&1; then
        root="sudo -n env DEBIAN_FRONTEND=noninteractive"
    fi
fi
