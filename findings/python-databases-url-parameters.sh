#!/usr/bin/env bash
# The package "databases" for Python reads three parameters of a URL for PostgreSQL, min_size, max_size and ssl, and drops all
# others without a word, those of TLS and of the start-up message too: asyncpg beneath it would take them from the same URL.
# Needs Python 3 with venv. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet databases==0.9.0 asyncpg==0.32.0
seen=$(venv/bin/python - <<'PY'
import asyncio

import asyncpg
from databases import Database


async def main():
    names = []

    async def startup(reader, writer):
        length = int.from_bytes(await reader.readexactly(4), "big")
        fields = (await reader.readexactly(length - 4))[4:].split(b"\0")
        names.append("application_name" in [field.decode() for field in fields[::2]])
        writer.close()

    server = await asyncio.start_server(startup, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"postgresql://user:password@127.0.0.1:{port}/orders?%s&application_name=orders"
    for connect in (Database(url % "ssl=false").connect(), asyncpg.connect(url % "sslmode=disable")):
        try:
            await connect
        except (ConnectionError, asyncpg.ConnectionDoesNotExistError):
            pass
    print(*names)
    print(sorted(Database(url % "sslmode=verify-full&max_size=5")._backend._get_connection_kwargs()))


asyncio.run(main())
PY
)
echo "databases 0.9.0 and asyncpg 0.32.0, whether application_name is sent; what of sslmode and max_size goes on:"
echo "$seen"
[ "$seen" = "False True
['max_size']" ]
