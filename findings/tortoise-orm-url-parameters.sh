#!/usr/bin/env bash
# Tortoise ORM hands the parameters of a URL to asyncpg or to the pool of psycopg as arguments of the same name, where
# "sslmode" is none, so a URL that both drivers take by themselves fails with a TypeError. Any value of "ssl" means true,
# "false" too, and the name of the database is not decoded.
# Needs Python 3 with venv. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet tortoise-orm==1.1.9 asyncpg==0.32.0 'psycopg[binary,pool]==3.3.4'
echo > models.py
seen=$(venv/bin/python -W ignore - <<'PY'
import asyncio
from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.connection import get_connection


async def connect(url):
    await Tortoise.init(db_url=url, modules={"models": ["models"]})
    try:
        await get_connection("default").execute_query("select 1")
    except TypeError as error:
        print(error)


for scheme in ("asyncpg", "psycopg"):
    asyncio.run(connect(f"{scheme}://user:password@127.0.0.1:1/orders?sslmode=verify-full"))
for parameter in ("ssl=true", "ssl=false"):
    credentials = expand_db_url(f"postgres://user:password@localhost/my%20db?{parameter}")["credentials"]
    print(parameter, credentials["ssl"], credentials["database"])
PY
)
echo "tortoise-orm 1.1.9 with asyncpg 0.32.0 and psycopg 3.3.4:"
echo "$seen"
[ "$seen" = "connect() got an unexpected keyword argument 'sslmode'
AsyncConnectionPool.__init__() got an unexpected keyword argument 'sslmode'
ssl=true True my%20db
ssl=false True my%20db" ]
