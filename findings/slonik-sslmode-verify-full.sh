#!/usr/bin/env bash
# Slonik refuses a URL with sslmode=verify-full, the mode that CockroachDB and PostgreSQL recommend, and verify-ca: it knows
# disable, no-verify and require, of which require verifies host and authority, as verify-full does elsewhere. It decodes
# the name of the database, as libpq does. Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund slonik@47.3.2 zod@3.25.76 > /dev/null
cat > main.cjs <<'JS'
(async () => {
  const { parseDsn } = await import("slonik");
  for (const mode of ["verify-full", "verify-ca", "require"]) {
    try {
      const { sslMode, databaseName } = parseDsn(`postgresql://user:password@localhost/my%20db?sslmode=${mode}`);
      console.log(mode, sslMode, databaseName);
    } catch (error) {
      console.log(mode, "refused", error.issues[0].path[0]);
    }
  }
})();
JS
seen=$(node main.cjs)
echo "slonik 47.3.2:"
echo "$seen"
[ "$seen" = "verify-full refused sslmode
verify-ca refused sslmode
require require my db" ]
