import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { SqlUser } from "../../../provider/sql-user";

const clusterId = "11111111-1111-4111-8111-111111111111";
const unmapped = Error.prepareStackTrace;
const leaks = "PULUMI_DEBUG_PROMISE_LEAKS";

describe("Traces of the promises of a resource", () => {
  let formatted: string[];
  let areMapped: boolean;

  before(async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
      call: ({ inputs }) => inputs,
    });
  });
  beforeEach(() => {
    areMapped = process.sourceMapsEnabled;
    process.setSourceMapsEnabled(false);
    formatted = [];
    Error.prepareStackTrace = format;
  });
  afterEach(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    Error.prepareStackTrace = unmapped;
    process.setSourceMapsEnabled(areMapped);
    delete process.env[leaks];
  });

  const format = (error: Error, frames: NodeJS.CallSite[]) => {
    formatted.push(frames[0]?.getFunctionName() ?? "");
    return [String(error), ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
  const ofPromises = () => formatted.filter((name) => name === "debuggablePromise").length;
  const newUser = (name: string) => new SqlUser(name, { clusterId });

  it("are not formatted, while the place in the program is", () => {
    newUser("one");
    newUser("two");
    assert.equal(ofPromises(), 0);
    assert.ok(formatted.includes("callsites"), formatted.join());
  });

  it("are formatted where a report of them is wanted", () => {
    process.env[leaks] = "true";
    newUser("reported");
    assert.ok(ofPromises() > 20, `${ofPromises()}`);
  });

  it("are formatted where Node.js itself maps traces to sources, which it would no longer do", () => {
    process.setSourceMapsEnabled(true);
    newUser("mapped");
    assert.equal(Error.prepareStackTrace, format);
    assert.ok(ofPromises() > 20, `${ofPromises()}`);
  });

  it("leave the trace of an error as it is, before and after the program has paused", async () => {
    newUser("before an error");
    const during = new Error("during").stack?.split("\n");
    await Promise.resolve();
    assert.equal(Error.prepareStackTrace, format);
    const after_ = new Error("after").stack?.split("\n");
    assert.match(during?.[1] ?? "", /promise-traces\.test/);
    assert.match(after_?.[1] ?? "", /promise-traces\.test/);
    assert.ok((during?.length ?? 0) > 2, during?.join());
  });

  it("leave the trace of an error as Node.js writes it where nothing else formats any", async () => {
    const traces = async (maker: () => void) => {
      await Promise.resolve();
      maker();
      const text = new Error("of a program").stack?.replace(/:\d+:\d+/g, "");
      await Promise.resolve();
      return text;
    };
    Object.assign(Error, { prepareStackTrace: undefined });
    const plain = await traces(() => {});
    assert.equal(await traces(() => newUser("of a program")), plain);
    assert.equal(Error.prepareStackTrace, undefined);
  });

  it("leave what another part of the program has set since", async () => {
    newUser("replaced");
    const other: typeof format = (error) => String(error);
    Error.prepareStackTrace = other;
    await Promise.resolve();
    assert.equal(Error.prepareStackTrace, other);
  });
});
