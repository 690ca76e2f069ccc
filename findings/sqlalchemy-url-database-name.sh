#!/usr/bin/env bash
# SQLAlchemy decodes user, password and parameters of a URL, but not the name of the database, and hands it to the
# driver as it stands; its own rendering of a URL does not encode the name either.
# Needs Python 3 with venv. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet sqlalchemy==2.0.58
seen=$(venv/bin/python - <<'PY'
from sqlalchemy import URL, make_url

url = make_url("postgresql://a%40b:p%2Fw@localhost:26257/my%20db?application_name=an%20app")
print([url.username, url.password, url.database, url.query["application_name"]])
print(URL.create("postgresql", host="localhost", database="my db").render_as_string())
PY
)
echo "sqlalchemy 2.0.58:"
echo "$seen"
[ "$seen" = "['a@b', 'p/w', 'my%20db', 'an app']
postgresql://localhost/my db" ]
