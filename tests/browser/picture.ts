/** Takes the picture of the status page for docs/emulator.md: `npm run pictures:browser`. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { manualClock, startEmulator } from "../../emulator";
import { startBrowser } from "../support/browser";
import { limits, makeBusy } from "./busy-emulator";

const folder = join(__dirname, "..", "..", "docs", "images");

async function takePicture(): Promise<void> {
  const emulator = await startEmulator({ clock: manualClock(), ...limits });
  const { browser, close } = await startBrowser();
  try {
    await makeBusy(emulator);
    const page = await browser.newPage({ viewport: { width: 900, height: 400 } });
    await page.goto(emulator.url);
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, "status-page.png"), fullPage: true });
  } finally {
    await close();
    await emulator.close();
  }
}

takePicture().catch((error: unknown) => {
  process.exitCode = 1;
  throw error;
});
