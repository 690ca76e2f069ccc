/** A network that holds everything up by a random time, between a client and a server on this machine. */
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";

export interface JitteryNetwork {
  /** Where the server is reached through it. */
  readonly url: string;
  close(): void;
}

/** @param jitterMs The longest time by which each packet is held up, in each direction; their order stays. */
export async function startJitteryNetwork(
  serverPort: number,
  jitterMs: number,
): Promise<JitteryNetwork> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    }
    forward(client, upstream, jitterMs);
    forward(upstream, client, jitterMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function forward(from: Socket, to: Socket, jitterMs: number): void {
  let last = Promise.resolve();
  const later = (act: () => void) => {
    const held = new Promise((resolve) => setTimeout(resolve, Math.random() * jitterMs));
    last = Promise.all([last, held]).then(act);
  };
  from.on("data", (data) => later(() => to.write(data)));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => to.destroy());
}
