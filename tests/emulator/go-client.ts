// Requests as the official Go client sends them (cockroach-cloud-sdk-go 8): the paths of net/url's PathEscape, queries in
// the order of their names with + for a space, bodies of encoding/json with a line end, and its headers.

import type { IncomingMessage, Server } from "node:http";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";

/** Passes requests on to an emulator, each as the Go client would send it. */
export async function startGoClient(target: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    asGo(request, target).then(
      ({ status, headers, text }) => {
        response.writeHead(status, headers).end(text);
      },
      (error: Error) => response.destroy(error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

async function asGo(request: IncomingMessage, target: string): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const encoded = goQuery(query);
  const headers = {
    "User-Agent": "terraform-provider-cockroach",
    Accept: "application/json",
    Authorization: request.headers.authorization ?? "",
    "Cc-Version": "2024-09-16",
    "Accept-Encoding": "gzip",
    ...(body !== "" && { "Content-Type": "application/json" }),
  };
  return send(
    `${target}${goPath(path)}${encoded === "" ? "" : `?${encoded}`}`,
    request.method ?? "",
    headers,
    body === "" ? "" : `${goJson(JSON.parse(body))}\n`,
  );
}

/** Every segment as net/url's PathEscape writes it: `:@&=+$` stay, the rest is escaped in capitals. */
function goPath(path: string): string {
  const stays = /%(3A|40|26|3D|2B|24)/g;
  return path
    .split("/")
    .map((segment) =>
      encodeURIComponent(decodeURIComponent(segment))
        .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
        .replace(stays, decodeURIComponent),
    )
    .join("/");
}

function goQuery(query: string): string {
  const parameters = new URLSearchParams(query);
  parameters.sort();
  return parameters.toString();
}

/** As encoding/json writes it, which escapes what HTML would read. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const type = response.headers["content-type"] ?? "";
        resolve({
          status: response.statusCode ?? 0,
          headers: { "content-type": type },
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}
