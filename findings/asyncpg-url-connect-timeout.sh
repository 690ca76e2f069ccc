#!/usr/bin/env bash
# asyncpg takes every parameter of a URL that it does not know for a setting of the server, also connect_timeout, which is
# the client's own for libpq and most other drivers: it sends it in the start-up message, where PostgreSQL refuses the
# connection because it has no such setting. The option "timeout" of connect is asyncpg's.
# Needs Python 3 with venv. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet asyncpg==0.32.0 'psycopg[binary]==3.3.9'
cat > main.py <<'PY'
import asyncio
import socket
import threading

import asyncpg
import psycopg

listener = socket.create_server(("127.0.0.1", 0))
URL = f"postgresql://user:password@127.0.0.1:{listener.getsockname()[1]}/db?sslmode=disable&gssencmode=disable&connect_timeout=5"


def started(connect):
    """The names in the start-up message."""
    heard = []

    def accept():
        connection, _ = listener.accept()
        heard.extend(connection.recv(4096)[8:].decode().split("\0")[::2])
        connection.close()

    server = threading.Thread(target=accept)
    server.start()
    try:
        connect()
    except Exception:
        pass
    server.join()
    return "connect_timeout" in heard


print(started(lambda: asyncio.run(asyncpg.connect(URL))), started(lambda: psycopg.connect(URL)))
PY
seen=$(venv/bin/python main.py)
echo "whether the server receives connect_timeout, asyncpg 0.32.0 and psycopg 3.3.9: $seen"
[ "$seen" = "True False" ]
