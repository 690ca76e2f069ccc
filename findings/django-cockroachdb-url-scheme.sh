#!/usr/bin/env bash
# The two packages that read Django's database from a URL know CockroachDB by different schemes, and neither knows that of
# the other: dj-database-url refuses cockroachdb://, and django-environ makes an engine named "cockroach" of cockroach://,
# which Django does not find later. Needs Python 3 with venv. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet dj-database-url==3.1.2 django-environ==0.14.0
seen=$(venv/bin/python - <<'PY'
import dj_database_url
import environ

for scheme in ("cockroachdb", "cockroach"):
    url = f"{scheme}://user:password@localhost:26257/defaultdb"
    try:
        of_dj = dj_database_url.parse(url)["ENGINE"]
    except ValueError:
        of_dj = "refused"
    print(scheme, of_dj, environ.Env.db_url_config(url)["ENGINE"])
PY
)
echo "scheme, engine of dj-database-url 3.1.2, engine of django-environ 0.14.0:"
echo "$seen"
[ "$seen" = "cockroachdb refused django_cockroachdb
cockroach django_cockroachdb cockroach" ]
