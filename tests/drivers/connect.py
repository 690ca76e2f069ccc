"""Connects once as docs/connecting.md has it and prints which database it is in: connect.py <line> < parts as JSON."""

import asyncio
import json
import os
import re
import ssl
import sys
from pathlib import Path
from subprocess import PIPE, STDOUT, run
from tempfile import TemporaryDirectory

QUESTION = "select current_database()"
# Every tool shows why a migration fails, so this one fails with the name of the database.
MIGRATION = "DO $$ BEGIN RAISE EXCEPTION 'database <%>', current_database(); END $$"
parts = json.load(sys.stdin)
url = parts["url"]


def ask(connection):
    cursor = connection.cursor()
    cursor.execute(QUESTION)
    return cursor.fetchone()[0]


def psycopg_url():
    import psycopg

    return ask(psycopg.connect(url))


def psycopg2_url():
    import psycopg2

    return ask(psycopg2.connect(url))


def asyncpg_url():
    import asyncpg

    async def run():
        connection = await asyncpg.connect(url)
        return await connection.fetchval(QUESTION)

    return asyncio.run(run())


def sqlalchemy_url():
    from sqlalchemy import create_engine, make_url

    # A whole connect would go on with what only CockroachDB answers.
    dialect = create_engine(url).dialect
    arguments, options = dialect.create_connect_args(make_url(url))
    return ask(dialect.loaded_dbapi.connect(*arguments, **options))


def django_url():
    import dj_database_url

    return ask(django_connection(dj_database_url.parse(url)))


def django_environ_url():
    import environ

    return ask(django_connection(environ.Env.db_url_config(as_cockroachdb(url))))


def django_connection(configuration):
    from django.conf import settings

    settings.configure(DATABASES={"default": configuration})
    from django.db import connection

    assert connection.vendor == "cockroachdb", connection.vendor
    return connection.get_new_connection(connection.get_connection_params())


def peewee_url():
    from playhouse.db_url import parse

    options = parse(as_cockroachdb(url), unquote_user=True, unquote_password=True)
    return peewee_connection(**{**options, "database": parts["database"]})


def peewee_parts():
    from urllib.parse import parse_qs, urlsplit

    (certificate,) = parse_qs(urlsplit(url).query)["sslrootcert"]
    return peewee_connection(sslmode="verify-full", sslrootcert=certificate, **login())


def peewee_connection(database, **options):
    from playhouse.cockroachdb import CockroachDatabase

    connected = CockroachDatabase(database, **options)
    connected.connect()
    return ask(connected)


def as_cockroachdb(text):
    return "cockroachdb://" + text.split("://", 1)[1]


def pg8000_parts():
    import pg8000.dbapi

    context = ssl.create_default_context(cafile=parts.get("sslRootCert"))
    return ask(pg8000.dbapi.connect(**login(), ssl_context=context))


def pg8000_true():
    import pg8000.dbapi

    return ask(pg8000.dbapi.connect(**login(), ssl_context=True))


def piccolo_url():
    from piccolo.engine.cockroach import CockroachEngine
    from piccolo.table import Table

    class Some(Table, db=CockroachEngine(config={"dsn": url})):
        pass

    return asyncio.run(Some.raw(QUESTION).run())[0]["current_database"]


def pony_url():
    from pony.orm import Database, db_session

    database = Database()
    database.bind(provider="cockroach", dsn=url)
    with db_session:
        return database.select("current_database()")[0]


def yoyo_url():
    known = url.replace("cockroachdb://", "postgresql://")
    return migrate("yoyo", ["apply", "--batch", "--database", known, "."], {"1.sql": MIGRATION})


def alembic_engine():
    return alembic("create_engine(os.environ['URL'])")


def alembic_option():
    return alembic(
        """(
            config.set_main_option('sqlalchemy.url', os.environ['URL'].replace('%', '%%')),
            engine_from_config(config.get_section('alembic')),
        )[1]"""
    )


def alembic(engine):
    environment = f"""
import os
from alembic import context
from sqlalchemy import create_engine, engine_from_config

config = context.config
with ({engine}).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
    revision = f"""
from alembic import op

revision = "first"
down_revision = None


def upgrade():
    op.execute({MIGRATION!r})
"""
    files = {
        "alembic.ini": "[alembic]\nscript_location = scripts\n",
        "scripts/env.py": environment,
        "scripts/versions/first.py": revision,
    }
    return migrate("alembic", ["upgrade", "head"], files)


def migrate(program, arguments, files):
    """Runs the command of a tool in a project of its own, with a migration that says where it is."""
    with TemporaryDirectory() as project:
        for name, text in files.items():
            file = Path(project, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        command = [str(Path(sys.executable).parent / program), *arguments]
        environment = {**os.environ, "URL": url}
        ended = run(command, cwd=project, env=environment, stdout=PIPE, stderr=STDOUT, text=True)
    found = re.search("database <(?!%>)(.*?)>", ended.stdout)
    if found is None:
        sys.exit(ended.stdout)
    return found[1]


def login():
    return {name: parts[name] for name in ("host", "port", "user", "password", "database")}


lines = {
    "psycopg": psycopg_url,
    "psycopg2": psycopg2_url,
    "asyncpg": asyncpg_url,
    "sqlalchemy": sqlalchemy_url,
    "django": django_url,
    "django-environ": django_environ_url,
    "peewee": peewee_url,
    "peewee by parts": peewee_parts,
    "piccolo": piccolo_url,
    "pony": pony_url,
    "yoyo": yoyo_url,
    "alembic": alembic_engine,
    "alembic by its option": alembic_option,
    "pg8000": pg8000_parts,
    "pg8000 ssl_context=True": pg8000_true,
}
sys.stdout.write(lines[sys.argv[1]]())
