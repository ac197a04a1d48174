#!/usr/bin/env bash
# Programs of others that tests ask Hearth with: node-opcua-client from its locked list, mbpoll, and
# libmodbus with a C compiler. What is missing is installed if this may be done (root, apt); else the
# tests say so.
set -euo pipefail
folder=$1

# install WHAT PACKAGE ...: one line where it cannot be done.
install() {
    local what=$1
    shift
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 0
    apt-get install -y -q "$@" >/dev/null 2>&1 \
        || { apt-get update -q >/dev/null && apt-get install -y -q "$@" >/dev/null; } \
        || echo "foreign.sh: $what could not be installed; tests with it are skipped"
}

command -v mbpoll >/dev/null || install mbpoll mbpoll
if ! command -v cc >/dev/null || [ ! -f /usr/include/modbus/modbus.h ]; then
    install libmodbus gcc libc6-dev libmodbus-dev
fi
command -v npm >/dev/null || install Node.js nodejs npm
command -v npm >/dev/null || exit 0
if [ "$folder/package-lock.json" -nt "$folder/node_modules/.ready" ]; then
    if (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then
        touch "$folder/node_modules/.ready"
    else
        rm -rf "$folder/node_modules"
        echo "foreign.sh: the npm registry was not reached; the foreign client's test is skipped"
    fi
fi
