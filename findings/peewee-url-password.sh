#!/usr/bin/env bash
# Peewee's db_url hands user and password of a URL to the driver as they stand, percent-encoded, unless it is given
# unquote_user and unquote_password, and decodes nothing of the name of the database in any case. Parameters are decoded.
# Needs Python 3 with venv. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet peewee==4.5.3
seen=$(venv/bin/python - <<'PY'
from playhouse.db_url import parse

url = "cockroachdb://a%40b:p%2Fw@localhost:26257/my%20db?application_name=an%20app"
for options in ({}, {"unquote_user": True, "unquote_password": True}):
    parts = parse(url, **options)
    print([parts[name] for name in ("user", "password", "database", "application_name")])
PY
)
echo "peewee 4.5.3 (user, password, database, application_name), and with unquote_user and unquote_password:"
echo "$seen"
[ "$seen" = "['a%40b', 'p%2Fw', 'my%20db', 'an app']
['a@b', 'p/w', 'my%20db', 'an app']" ]
