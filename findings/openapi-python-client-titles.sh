#!/usr/bin/env bash
# openapi-python-client names a class by the title of its schema and not by the schema's name. Where two schemas have one
# title, as documents of grpc-gateway have, it drops the second one, and the operations that need it are not generated: a
# warning, exit code 0. The module is named by the title too, in which grpc-gateway puts the comment: one of more than 250
# characters is no name of a file, and the command fails. Needs Python 3 with venv. Exits non-zero when a version behaves in
# another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet openapi-python-client==0.29.1
venv/bin/python - <<'PY'
import json


def body(name):
    schema = {"$ref": f"#/components/schemas/{name}"}
    content = {"application/json": {"schema": schema}}
    responses = {"200": {"description": "The user."}}
    return {"post": {"operationId": name, "requestBody": {"content": content}, "responses": responses}}


def write(file, title):
    user = {"type": "object", "title": title, "properties": {"name": {"type": "string"}}}
    names = ["GetUserBody", "SearchUserBody"]
    document = {
        "openapi": "3.0.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {f"/{name}": body(name) for name in names},
        "components": {"schemas": {name: user for name in names}},
    }
    with open(file, "w") as out:
        json.dump(document, out)


write("short.json", "UserRequest")
write("long.json", "A request for a user. " * 13)
PY
seen=$(
  for document in short long; do
    code=0
    venv/bin/openapi-python-client generate --path $document.json --output-path $document --meta none > log.txt 2>&1 || code=$?
    echo "$document: exit code $code"
    grep -o 'duplicate models with name\|Endpoint will not be generated\|File name too long' log.txt
    if [ $code = 0 ]; then (cd $document && find api models -name '*.py' ! -name __init__.py | sort); fi
  done
)
echo "openapi-python-client 0.29.1, two operations with a schema each, of one title:"
echo "$seen"
[ "$seen" = 'short: exit code 0
Endpoint will not be generated
duplicate models with name
api/default/get_user_body.py
models/user_request.py
long: exit code 1
File name too long' ]
