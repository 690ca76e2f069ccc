/** A headless browser that comes inside an npm package, so that its tests need nothing but Node.js. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

export interface TestBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** The package unpacks the browser, its libraries and a font into the temporary folder; here, into one of its own. */
export async function startBrowser(): Promise<TestBrowser> {
  assert.equal(
    `${process.platform} ${process.arch}`,
    "linux x64",
    "The browser of the tests runs on Linux on x64 only: run them there, or in a container.",
  );
  const folder = mkdtempSync(join(tmpdir(), "browser-"));
  const libraries = join(folder, "al2023", "lib");
  const fonts = join(folder, "fonts");
  const executablePath = await unpacked(folder);
  const settings = join(folder, "fonts.conf");
  writeFileSync(
    settings,
    `<fontconfig><dir>${fonts}</dir><cachedir>${join(folder, "font-cache")}</cachedir></fontconfig>`,
  );
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu"],
    env: { HOME: folder, TMPDIR: folder, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: settings },
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function unpacked(folder: string): Promise<string> {
  const names = ["TMPDIR", "AWS_LAMBDA_JS_RUNTIME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH"] as const;
  const before = names.map((name) => [name, process.env[name]] as const);
  // Libraries such as NSS come along only where the package takes this for its usual place, a cloud function.
  Object.assign(process.env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" });
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    return await packed.executablePath();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
