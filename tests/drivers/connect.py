"""Connects once as docs/connecting.md has it and prints which database it is in: connect.py <line> < parts as JSON."""

import asyncio
import json
import ssl
import sys

QUESTION = "select current_database()"
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
    "pg8000": pg8000_parts,
    "pg8000 ssl_context=True": pg8000_true,
}
sys.stdout.write(lines[sys.argv[1]]())
