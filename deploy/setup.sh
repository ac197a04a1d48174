#!/usr/bin/env bash
# Makes the virtual environment from the hashed lock. Usage: setup.sh VENV
set -euo pipefail
venv=$1
locks=$(dirname "$0")/locks

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Hearth needs Python 3.11 or newer; this is $(python3 --version)" >&2
    exit 1
fi
if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq python3-venv
    else
        echo "python3-venv is missing. Install it with:  sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi

# A half-made environment is never reused; where it is the active one, its Python goes with it.
PATH=$(printf %s "$PATH" | tr : '\n' | grep -vxF "$(realpath -m "$venv")/bin" | paste -sd:)
export PATH
hash -r
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$locks/uv.txt"
export UV_LINK_MODE=copy
"$venv/bin/uv" pip sync --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes "$locks/dev.txt"
"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
