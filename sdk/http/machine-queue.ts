// One request budget for all processes of a user on this machine that share a credential. The first of them is the
// host: it keeps the limiter, and the others are its guests, which queue there through a socket in a private folder.
// Where there is no such folder each process has a limiter of its own, and sees the others only by 429s.
//
// Whatever happens to a host, a guest that no longer hears from it takes its place, and a host whose socket is no
// longer the one in the folder becomes a guest. Two hosts at once are possible for a second, and cost a few 429s.

import { randomBytes } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { lstatSync, readdirSync, renameSync, utimesSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { dirname, join } from "node:path";
import { debuglog } from "node:util";
import type { Clock } from "./clock";
import { backgroundClock } from "./clock";
import { privateFolder } from "./private-folder";
import type { Permit, PermitOptions, PermitResult, RequestQueue } from "./rate-limit";
import { RateLimiter, whenOver } from "./rate-limit";

const debug = debuglog("cockroachdb-cloud");

// What the name of a socket may have on every system.
const maxPathBytes = 103;

const greetingMs = 2_000;
const aliveMs = 500;
const silentRounds = 6;
const checkMs = 1_000;

// A guest that has a permit and says no more is stopped, or connects for long: its request counts as sent, and the
// guest has no turn until it comes again.
const unsentMs = 5_000;

// What the former host has granted counts for so long.
const handoverMs = 1_100;

const attempts = 20;

// A process that cannot share the queue tries again after this time.
const aloneMs = 60_000;

// A host that others replace so often is in a folder with processes that it cannot reach, such as those of another
// virtual machine: none of them would grant anything.
const maxReplacements = 3;
const replacementsMs = 600_000;

// A host renews its socket at each check: one this old is of a process that has ended.
const abandonedMs = 24 * 60 * 60_000;

// A longer message is none of ours.
const maxMessageLength = 1_000;

/** Where a process has its permits from at the moment. */
interface Place {
  /** "lost": this place is no more. */
  acquire(options: PermitOptions): Promise<PermitResult | "lost">;
}

type PermitEvent = keyof Permit;

/** What a guest says: that a request queues, what becomes of its permit, or that it waits no longer. */
type GuestMessage =
  | { id: number; ticket: number }
  | { id: number; event: PermitEvent | "left"; retryAfterMs?: number | undefined };

/** What a host says: how long a request will wait, that it may leave, or only that the host is there. */
interface HostMessage {
  id?: number;
  waitMs?: number;
}

/** What a queue stands on. */
export interface MachineQueueOptions {
  /** The name of the socket: the same for all who share the budget. */
  name: string;
  /** @default the private folder in that of the system for temporary files */
  folder?: (() => string) | undefined;
  /** @default the system's, without keeping the process alive */
  clock?: Clock;
  /** @default Math.random */
  random?: (() => number) | undefined;
}

/** The queue of one credential for all processes of this user on this machine. */
export class MachineQueue implements RequestQueue {
  readonly #name: string;
  readonly #folder: () => string;
  readonly #clock: Clock;
  readonly #limiter: RateLimiter;
  #place: Promise<Place> | undefined;
  #wasGuest = false;
  #replacedAt: number[] = [];
  #tickets = 0;

  constructor(options: MachineQueueOptions) {
    const { name, folder = privateFolder, clock = backgroundClock, random } = options;
    this.#name = name;
    this.#folder = folder;
    this.#clock = clock;
    this.#limiter = new RateLimiter(clock, random);
  }

  ticket(): number {
    this.#tickets += 1;
    return this.#tickets;
  }

  async acquire(options: PermitOptions): Promise<PermitResult> {
    if (options.signal?.aborted) return "aborted";
    // Sockets and timers of the queue keep no process alive, since a host must end with its own work.
    const hold = setInterval(() => undefined, 2 ** 30);
    try {
      for (;;) {
        this.#place ??= this.#join();
        const current = this.#place;
        const place = await this.#unlessOver(current, options);
        if (typeof place === "string") return place;
        const result = await place.acquire(options);
        if (result !== "lost") return result;
        if (this.#place !== current) continue;
        this.#place = undefined;
        if (place instanceof Host) this.#replacedAt.push(this.#clock.now());
      }
    } finally {
      clearInterval(hold);
    }
  }

  #unlessOver(place: Promise<Place>, options: PermitOptions): Promise<Place | "late" | "aborted"> {
    return new Promise((resolve, reject) => {
      const patience = whenOver(options, this.#clock, resolve);
      place.then(resolve, reject).finally(patience.end);
    });
  }

  async #join(): Promise<Place> {
    try {
      const path = join(this.#folder(), this.#name);
      const since = this.#clock.now() - replacementsMs;
      this.#replacedAt = this.#replacedAt.filter((at) => at > since);
      if (Buffer.byteLength(path) > maxPathBytes)
        throw new Error(`${path} is too long for a socket`);
      if (this.#replacedAt.length >= maxReplacements)
        throw new Error(`${path} is taken again and again by processes that cannot be reached`);
      for (let attempt = 0; attempt < attempts; attempt++) {
        const socket = identityOf(path);
        const guest = socket === undefined ? undefined : await visit(path, this.#clock);
        if (guest !== undefined) {
          debug("requests queue at another process, by %s", path);
          this.#wasGuest = true;
          return guest;
        }
        await removeAbandoned(dirname(path));
        const server = await serverInPlaceOf(path, socket);
        if (server === undefined) continue;
        debug("other processes queue at this one, by %s", path);
        if (this.#wasGuest) this.#limiter.pause(handoverMs);
        this.#wasGuest = false;
        return new Host(server, path, this.#limiter);
      }
      throw new Error(`${path} changes all the time`);
    } catch (error) {
      debug("requests queue in this process alone: %s", error);
      return new Alone(this.#limiter, this.#clock);
    }
  }
}

// With `bigint`: after another synchronous stat of a socket, also in `rmSync`, the next `require` of Node.js takes a
// linked package by the name of its link, and so loads it twice. Not awaited: nobody may come between check and rename.
function entryAt(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

/** The socket at this path, which no other has while a process listens at it. */
function identityOf(path: string): bigint | undefined {
  return entryAt(path)?.ino;
}

/** Who listens at a socket, and which it is. */
interface Listener {
  server: Server;
  identity: bigint | undefined;
}

/**
 * The socket of a new host; none where another process is faster. Its first name is its own: it is that which the
 * server removes when it closes, and never what another process has put in its place.
 */
async function serverInPlaceOf(
  path: string,
  former: bigint | undefined,
): Promise<Listener | undefined> {
  // Of the length of the name that `rateLimiterFor` gives.
  const ownPath = join(dirname(path), randomBytes(8).toString("hex"));
  const server = await listening(ownPath);
  try {
    const identity = identityOf(ownPath);
    if (identityOf(path) === former) {
      // Whoever connects must find the host, which exists before the next event.
      renameSync(ownPath, path);
      return { server, identity };
    }
  } catch (error) {
    server.close();
    throw error;
  }
  server.close();
  return undefined;
}

function listening(path: string): Promise<Server> {
  const server = createServer().unref();
  return new Promise((resolve, reject) => {
    server.on("error", (error) => {
      debug("the socket of this process failed: %s", error);
      reject(error);
    });
    server.listen(path, () => resolve(server));
  });
}

/** Removes the sockets of processes that ended long ago. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const entry = entryAt(path);
    const isAbandoned = entry?.isSocket() && Number(entry.mtimeMs) < Date.now() - abandonedMs;
    if (isAbandoned) await rm(path, { force: true });
  }
}

/** A process that cannot share the queue, for some time. */
class Alone implements Place {
  readonly #limiter: RateLimiter;
  readonly #clock: Clock;
  readonly #until: number;

  constructor(limiter: RateLimiter, clock: Clock) {
    this.#limiter = limiter;
    this.#clock = clock;
    this.#until = clock.now() + aloneMs;
  }

  async acquire(options: PermitOptions): Promise<PermitResult | "lost"> {
    return this.#clock.now() < this.#until ? await this.#limiter.acquire(options) : "lost";
  }
}

class Host implements Place {
  readonly #limiter: RateLimiter;
  readonly #guests = new Set<Socket>();
  #isReplaced = false;

  constructor({ server, identity }: Listener, path: string, limiter: RateLimiter) {
    this.#limiter = limiter;
    server.on("connection", (socket) => this.#receive(socket));
    const check = setInterval(() => {
      if (isStill(identity, path)) return;
      clearInterval(check);
      server.close();
      this.#stepDown();
    }, checkMs).unref();
  }

  async acquire(options: PermitOptions): Promise<PermitResult | "lost"> {
    if (this.#isReplaced) return "lost";
    const result = await this.#limiter.acquire(options, this);
    const isDismissed = result === "aborted" && this.#isReplaced && !options.signal?.aborted;
    return isDismissed ? "lost" : result;
  }

  #stepDown(): void {
    debug("another process has taken the place of this one");
    this.#isReplaced = true;
    this.#limiter.dismiss();
    for (const socket of this.#guests) socket.destroy();
  }

  #receive(socket: Socket): void {
    this.#guests.add(socket);
    socket.once("close", () => this.#guests.delete(socket));
    serve(socket, this.#limiter);
  }
}

/** Whether the socket at this path is that of the host, which it then renews. A path that cannot be read has another. */
function isStill(identity: bigint | undefined, path: string): boolean {
  try {
    if (identityOf(path) !== identity) return false;
    const now = new Date();
    utimesSync(path, now, now);
    return true;
  } catch (error) {
    debug("%s cannot be read: %s", path, error);
    return false;
  }
}

/** Queues for a guest, and passes on what becomes of its permits. */
function serve(socket: Socket, limiter: RateLimiter): void {
  const waiting = new Map<number, AbortController>();
  const permits = new Map<number, Permit>();
  const unsent = new Map<number, NodeJS.Timeout>();
  const send = messenger<HostMessage>(socket);

  const queue = async (id: number, ticket: number) => {
    const left = new AbortController();
    waiting.set(id, left);
    const options = {
      ticket,
      signal: left.signal,
      onWait: (waitMs: number) => send({ id, waitMs }),
    };
    const permit = await limiter.acquire(options, socket);
    waiting.delete(id);
    if (typeof permit === "string") return;
    if (socket.destroyed) {
      permit.unused();
      return;
    }
    permits.set(id, permit);
    unsent.set(id, setTimeout(() => socket.destroy(), unsentMs).unref());
    send({ id });
  };

  receive<GuestMessage>(socket, (message) => {
    const { id } = message;
    if ("ticket" in message) {
      void queue(id, message.ticket);
      return;
    }
    if (message.event === "left") {
      waiting.get(id)?.abort(socket);
      return;
    }
    clearTimeout(unsent.get(id));
    unsent.delete(id);
    permits.get(id)?.[message.event](message.retryAfterMs);
    if (message.event !== "sent" && message.event !== "responded") permits.delete(id);
  });

  send({});
  const alive = setInterval(() => waiting.size > 0 && send({}), aliveMs).unref();
  socket.once("close", () => {
    clearInterval(alive);
    for (const left of waiting.values()) left.abort(socket);
    for (const timer of unsent.values()) clearTimeout(timer);
    for (const permit of permits.values()) permit.sent();
  });
}

/** A guest at the host that has this socket; none where nobody responds. */
function visit(path: string, clock: Clock): Promise<Guest | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const timer = setTimeout(() => socket.destroy(), greetingMs);
    const guest = new Guest(socket, clock, () => resolve(guest));
    socket.once("close", () => resolve(undefined));
    const settle = () => clearTimeout(timer);
    socket.once("data", settle).once("close", settle);
  });
}

interface WaitingRequest {
  settle(result: PermitResult | "lost"): void;
  wait(ms: number): void;
}

class Guest implements Place {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #send: (message: GuestMessage) => void;
  readonly #waiting = new Map<number, WaitingRequest>();
  #requests = 0;

  constructor(socket: Socket, clock: Clock, onGreeting: () => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#send = messenger<GuestMessage>(socket);
    let silent = 0;
    receive<HostMessage>(socket, (message) => {
      silent = 0;
      onGreeting();
      this.#hear(message);
    });
    // Counted, not measured: after a pause of this process there is something to read.
    const listen = setInterval(() => {
      silent = this.#waiting.size === 0 ? 0 : silent + 1;
      if (silent >= silentRounds) socket.destroy();
    }, aliveMs).unref();
    socket.once("close", () => {
      clearInterval(listen);
      for (const { settle } of this.#waiting.values()) settle("lost");
    });
  }

  acquire(options: PermitOptions): Promise<PermitResult | "lost"> {
    const { ticket, signal, deadline, onWait } = options;
    if (this.#socket.destroyed) return Promise.resolve("lost");
    if (signal?.aborted) return Promise.resolve("aborted");
    if (deadline !== undefined && this.#clock.now() >= deadline) return Promise.resolve("late");
    this.#requests += 1;
    const id = this.#requests;
    return new Promise((resolve, reject) => {
      const leave = (result: "late" | "aborted") => {
        this.#send({ id, event: "left" });
        settle(result);
      };
      const patience = whenOver(options, this.#clock, leave);
      const settle = (result: PermitResult | "lost") => {
        this.#waiting.delete(id);
        patience.end();
        resolve(result);
      };
      const wait = (ms: number) => {
        try {
          onWait?.(ms);
        } catch (error) {
          reject(error);
          leave("aborted");
        }
      };
      this.#waiting.set(id, { settle, wait });
      this.#send({ id, ticket });
    });
  }

  #hear({ id, waitMs }: HostMessage): void {
    if (id === undefined) return;
    const request = this.#waiting.get(id);
    if (waitMs !== undefined) request?.wait(waitMs);
    else if (request === undefined) this.#send({ id, event: "unused" });
    else request.settle(this.#permit(id));
  }

  #permit(id: number): Permit {
    const say = (event: PermitEvent, retryAfterMs?: number) =>
      this.#send({ id, event, retryAfterMs });
    return {
      sent: () => say("sent"),
      responded: () => say("responded"),
      failed: () => say("failed"),
      unused: () => say("unused"),
      accepted: () => say("accepted"),
      throttled: (retryAfterMs) => say("throttled", retryAfterMs),
    };
  }
}

/** Sends messages, as lines of JSON; to a socket that is closed nothing. */
function messenger<Message>(socket: Socket): (message: Message) => void {
  return (message) => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
}

/** Receives messages, and closes a socket that sends anything else. It keeps no process alive. */
function receive<Message>(socket: Socket, take: (message: Message) => void): void {
  let rest = "";
  socket.unref().setEncoding("utf8");
  // Its close follows.
  socket.on("error", () => undefined);
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    try {
      for (const line of lines) take(JSON.parse(line) as Message);
    } catch (error) {
      debug("a message that is none: %s", error);
      socket.destroy();
    }
    if (rest.length > maxMessageLength) socket.destroy();
  });
}
