/** A git repository on a server of its own name, which programs reach through a proxy as they reach any server of the internet. */
import { spawn, spawnSync } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createProxy } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect } from "node:net";
import { join } from "node:path";
import { authorityCertificate, elsewhere } from "./certificates";
import { writeFiles } from "./consumer";

export interface GitServer {
  /** Where the server has the repository, as Pulumi's CLI takes it. */
  readonly repository: string;
  /** What a program needs to reach the server and to believe its certificate. */
  readonly variables: Readonly<Record<string, string>>;
  readonly close: () => void;
}

/** Serves one commit with these files under a tag, by git's smart protocol over HTTPS. */
export async function startGitServer(
  folder: string,
  tag: string,
  files: Readonly<Record<string, string | object>>,
): Promise<GitServer> {
  const worktree = join(folder, "repository");
  writeFiles(worktree, files);
  const author = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  git(worktree, "init", "--quiet");
  git(worktree, "add", "--all");
  git(worktree, ...author, "commit", "--quiet", "--message", tag);
  git(worktree, "tag", tag);
  const server = createServer(
    { cert: elsewhere.certificate, key: elsewhere.key },
    (request, response) => servePack(worktree, request, response),
  );
  const port = await listen(server);
  const proxy = createProxy().on("connect", ({ url = "" }, client: Socket, head) => {
    const { hostname, port: wanted } = new URL(`https://${url}`);
    const target =
      hostname === host ? connect(port, "127.0.0.1") : connect(Number(wanted || 443), hostname);
    target.on("connect", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      target.write(head);
      client.pipe(target).pipe(client);
    });
    target.on("error", () => client.destroy());
    client.on("error", () => target.destroy());
  });
  const proxyPort = await listen(proxy);
  writeFiles(folder, { "authority.pem": authorityCertificate });
  return {
    repository: `${host}/acme/plugins`,
    variables: {
      HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
      SSL_CERT_FILE: join(folder, "authority.pem"),
    },
    close: () => {
      server.close();
      proxy.close();
    },
  };
}

/** The name in the certificate. */
const host = "elsewhere.test";

function servePack(worktree: string, request: IncomingMessage, response: ServerResponse): void {
  const isAdvertisement = request.method === "GET";
  const kind = isAdvertisement ? "advertisement" : "result";
  response.setHeader("content-type", `application/x-git-upload-pack-${kind}`);
  if (isAdvertisement) response.write("001e# service=git-upload-pack\n0000");
  const options = ["--stateless-rpc", ...(isAdvertisement ? ["--advertise-refs"] : [])];
  const pack = spawn("git", ["upload-pack", ...options, worktree], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  request.pipe(pack.stdin);
  pack.stdout.pipe(response);
}

function git(folder: string, ...args: string[]): void {
  const { status, stderr } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")} ended with ${status}:\n${stderr}`);
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
