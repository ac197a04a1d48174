#!/usr/bin/env bash
# Programs of others that tests ask Hearth with: node-opcua-client, from its locked list.
# Where Node.js is missing it is installed if this may be done (root, apt); else the test says so.
set -euo pipefail
folder=$1
if ! command -v npm >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get install -y -q nodejs npm >/dev/null 2>&1 \
        || { apt-get update -q >/dev/null && apt-get install -y -q nodejs npm >/dev/null; } \
        || echo "foreign.sh: Node.js could not be installed; the foreign client's test is skipped"
fi
command -v npm >/dev/null || exit 0
if [ "$folder/package-lock.json" -nt "$folder/node_modules/.ready" ]; then
    if (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then
        touch "$folder/node_modules/.ready"
    else
        rm -rf "$folder/node_modules"
        echo "foreign.sh: the npm registry was not reached; the foreign client's test is skipped"
    fi
fi
