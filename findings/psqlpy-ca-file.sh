#!/usr/bin/env bash
# psqlpy begins TLS only where it is given the argument "ca_file", a file of root certificates. An sslmode in the URL and the
# argument "ssl_mode" are accepted without it, and fail as soon as the server agrees to TLS; "sslrootcert" in the URL is
# refused. Needs Python 3 with venv. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet psqlpy==0.13.1 certifi==2026.10.19.post1
cat > main.py <<'PY'
import asyncio
import socket
import threading

import certifi
import psqlpy

TLS_HANDSHAKE = 0x16


def serve():
    """A server that agrees to TLS, reads one byte more and ends the connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard = []

    def run():
        client, _ = listener.accept()
        client.recv(8)
        client.sendall(b"S")
        heard.extend(client.recv(1))
        client.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return listener, thread, heard


async def connect(title, parameters, **options):
    listener, thread, heard = serve()
    port = listener.getsockname()[1]
    try:
        await psqlpy.connect(dsn=f"postgresql://user:password@127.0.0.1:{port}/db?{parameters}", **options)
    except Exception as error:
        message = str(error)
    if "unknown option" in message:
        print(title, message[message.index("unknown"):])
        return
    thread.join()
    print(title, "TLS begins" if heard == [TLS_HANDSHAKE] else message.rsplit(": ", 1)[-1])


asyncio.run(connect("sslmode in the URL:", "sslmode=verify-full"))
asyncio.run(connect("ssl_mode as argument:", "", ssl_mode=psqlpy.SslMode.VerifyFull))
asyncio.run(connect("ca_file as argument:", "sslmode=require", ca_file=certifi.where()))
asyncio.run(connect("sslrootcert in the URL:", f"sslmode=require&sslrootcert={certifi.where()}"))
PY
seen=$(venv/bin/python main.py)
echo "psqlpy 0.13.1, a server that agrees to TLS:"
echo "$seen"
[ "$seen" = 'sslmode in the URL: no TLS implementation configured
ssl_mode as argument: no TLS implementation configured
ca_file as argument: TLS begins
sslrootcert in the URL: unknown option `sslrootcert`.' ]
