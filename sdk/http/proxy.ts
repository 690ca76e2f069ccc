// Which proxy a request goes through, from the variables that curl and most tools read. Node 20 has no
// support of its own.

import { withoutStack } from "./without-stack";

/** The environment variables that name proxies. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a server, or `undefined` for a direct connection. Reads `HTTPS_PROXY` (`HTTP_PROXY`
 * for a plain server), then `ALL_PROXY`, in either case; `NO_PROXY` lists exceptions: host names, which
 * cover their subdomains, with an optional port, or `*`. Loopback addresses are never proxied.
 *
 * @throws TypeError when the variable is not an http or https address; its value may hold a password
 * and is not shown.
 */
export function proxyFor(server: URL, environment: ProxyEnvironment): URL | undefined {
  if (isLoopback(server.hostname) || isExempt(server, read(environment, "no_proxy")))
    return undefined;
  const name = server.protocol === "https:" ? "https_proxy" : "http_proxy";
  const address = read(environment, name) || read(environment, "all_proxy");
  if (address === "") return undefined;
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const proxy = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (proxy === undefined || !/^https?:$/.test(proxy.protocol)) {
    throw withoutStack(new TypeError(`${name.toUpperCase()} is not the address of an HTTP proxy.`));
  }
  if (!isDecodable(proxy.username + proxy.password)) {
    throw withoutStack(
      new TypeError(
        `The user or password in ${name.toUpperCase()} cannot be decoded: write a percent sign as %25.`,
      ),
    );
  }
  return proxy;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

function read(environment: ProxyEnvironment, name: string): string {
  return (environment[name] || environment[name.toUpperCase()] || "").trim();
}

/** Whether the host is this computer. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(?:\.\d+){3}$/.test(hostname)
  );
}

function isExempt(server: URL, exceptions: string): boolean {
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  return exceptions
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, host = "", itsPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      const suffix = host.replace(/^\*?\./, "");
      const isHost = server.hostname === suffix || server.hostname.endsWith(`.${suffix}`);
      return isHost && (itsPort === undefined || itsPort === port);
    });
}
