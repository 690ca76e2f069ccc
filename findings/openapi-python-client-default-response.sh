#!/usr/bin/env bash
# A client that openapi-python-client generates returns an error as a result where the document declares it as "default", as
# documents of grpc-gateway do for every error: a 401 and a 503 are a Status object, and nothing is raised, even with
# raise_on_unexpected_status=True. Needs Python 3 with venv. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet openapi-python-client==0.29.1
cat > shop.json <<'JSON'
{
  "openapi": "3.0.0",
  "info": { "title": "Shop", "version": "1" },
  "paths": {
    "/clusters/1": {
      "get": {
        "operationId": "GetCluster",
        "responses": {
          "200": {
            "description": "The cluster.",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Cluster" } } }
          },
          "default": {
            "description": "An error.",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Status" } } }
          }
        }
      }
    }
  },
  "components": {
    "schemas": {
      "Cluster": { "type": "object", "properties": { "name": { "type": "string" } } },
      "Status": { "type": "object", "properties": { "message": { "type": "string" } } }
    }
  }
}
JSON
venv/bin/openapi-python-client generate --path shop.json --output-path shop --meta none > /dev/null 2>&1
cat > main.py <<'PY'
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from shop import Client
from shop.api.default import get_cluster


class Handler(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        self.send_response(Handler.status)
        self.end_headers()
        self.wfile.write(b'{"name": "orders"}' if Handler.status == 200 else b'{"message": "refused"}')

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
Thread(target=server.serve_forever, daemon=True).start()
client = Client(base_url=f"http://127.0.0.1:{server.server_port}", raise_on_unexpected_status=True)
for Handler.status in (200, 401, 503):
    print(Handler.status, type(get_cluster.sync(client=client)).__name__)
PY
seen=$(venv/bin/python main.py)
echo "openapi-python-client 0.29.1, status, and what the call returns:"
echo "$seen"
[ "$seen" = "200 Cluster
401 Status
503 Status" ]
