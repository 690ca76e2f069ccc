import assert from "node:assert/strict";
import type { AxeResults } from "axe-core";
import { source as axe } from "axe-core";
import type { Page } from "playwright-core";
import { manualClock } from "../../emulator";
import type { TestBrowser } from "../support/browser";
import { startBrowser } from "../support/browser";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import { limits, makeBusy } from "./busy-emulator";

const minute = 60_000;

describe("Status page in a browser", function () {
  this.timeout(60_000);

  let started: TestBrowser;
  const pages: Page[] = [];

  before(async () => {
    started = await startBrowser();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
  });
  checkEmulators();
  after(async () => {
    await started?.close();
  });

  async function open(
    emulator: TestEmulator,
    view: { width?: number; colorScheme?: "dark" | "light"; drivesTimers?: boolean } = {},
  ): Promise<{ page: Page; complaints: string[] }> {
    const { width = 1200, colorScheme = "light", drivesTimers = false } = view;
    const context = await started.browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
    });
    const page = await context.newPage();
    pages.push(page);
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on("request", (request) => {
      if (request.url() !== `${emulator.url}/`) complaints.push(`request: ${request.url()}`);
    });
    if (drivesTimers) await page.clock.install();
    await page.goto(emulator.url);
    return { page, complaints };
  }

  /** Counts in `asked` how often the page asks from now on: a response would show only some time later. */
  async function countRequests(page: Page): Promise<void> {
    await page.evaluate(`{
      const { fetch } = window;
      window.asked = 0;
      window.fetch = (...args) => {
        asked += 1;
        return fetch(...args);
      };
    }`);
  }

  async function busyEmulator(): Promise<TestEmulator> {
    const emulator = await startTestEmulator({ clock: manualClock(), ...limits });
    await makeBusy(emulator);
    return emulator;
  }

  it("follows the creation of a cluster by itself, readable by what reads pages aloud", async () => {
    const emulator = await busyEmulator();
    const { page, complaints } = await open(emulator);
    const before = await page.locator("body").ariaSnapshot();
    for (const expected of [
      /- banner:\n\s+- heading "CockroachDB Cloud API emulator" \[level=1\]/,
      /- main:/,
      /- region "emulated-organization":/,
      /- article "ledger":\n\s+- heading "ledger" \[level=3\]\n\s+- paragraph: CREATING/,
      /- progressbar "Creation of ledger"/,
      /- article "orders":/,
      /- region "Last requests":/,
      /- columnheader "Status"/,
      /- row ".* GET \/api\/v1\/clusters 429 throttled"/,
    ]) {
      assert.match(before, expected);
    }
    await emulator.clock.advance(15 * minute);
    await page.getByRole("article", { name: "ledger" }).getByText("CREATED").waitFor();
    assert.equal(await page.getByRole("progressbar").count(), 0);
    assert.deepEqual(complaints, []);
    assert.equal(emulator.requests.filter(({ path }) => path === "/").length, 0);
  });

  it("stops while paused, and says when the emulator has ended", async () => {
    const emulator = await busyEmulator();
    const { page } = await open(emulator, { drivesTimers: true });
    const ready = page.getByRole("article", { name: "ledger" }).getByText("CREATED");
    await page.getByRole("button", { name: "Pause" }).click();
    await countRequests(page);
    await emulator.clock.advance(15 * minute);
    await page.clock.runFor(5_000);
    assert.equal(await page.evaluate("asked"), 0);
    assert.equal(await ready.count(), 0);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.clock.runFor(2_000);
    await ready.waitFor();
    assert.notEqual(await page.evaluate("asked"), 0);
    await emulator.close();
    await page.clock.runFor(2_000);
    await page.getByRole("status").getByText("No response from the emulator.").waitFor();
  });

  it("runs nothing that a label, a name or a path brings along", async () => {
    const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>`;
    const emulator = await startTestEmulator({ organizations: [{ name: evil }] });
    const { id } = emulator.clusters.create({
      name: "orders",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    });
    emulator.clusters.edit(id, { labels: { [evil]: evil } });
    emulator.sqlUsers.add(id, evil);
    const { page, complaints } = await open(emulator);
    await page.getByText(evil, { exact: true }).first().waitFor();
    // The same again by way of the refresh.
    emulator.sqlUsers.add(id, "newcomer");
    await page.getByText("newcomer").waitFor();
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.locator("script").count(), 1);
    assert.deepEqual(complaints, []);
    // Were there a hole, the policy would still not let it run.
    const ran = await page.evaluate(`(() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      return "ran" in window;
    })()`);
    assert.equal(ran, false);
  });

  it("fits a phone", async () => {
    const emulator = await busyEmulator();
    const [cluster] = emulator.clusters.list();
    emulator.clusters.edit(cluster?.id ?? "", { labels: { key: "x".repeat(63) } });
    emulator.sqlUsers.add(cluster?.id ?? "", "u".repeat(63));
    const { page } = await open(emulator, { width: 375 });
    const widths = await page.evaluate(`({
      page: document.documentElement.scrollWidth,
      tooWide: [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > innerWidth)
        .map(({ outerHTML }) => outerHTML),
    })`);
    assert.deepEqual(widths, { page: 375, tooWide: [] });
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no flaw in ${colorScheme} that an accessibility checker finds`, async () => {
      const { page } = await open(await busyEmulator(), { colorScheme });
      await page.evaluate(axe);
      const { violations, passes } = await page.evaluate<AxeResults>("axe.run()");
      assert.deepEqual(
        violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) })),
        [],
      );
      assert.ok(passes.some(({ id }) => id === "color-contrast"));
    });
  }
});
