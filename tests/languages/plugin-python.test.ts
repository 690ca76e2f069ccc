// examples/python with the generated SDK on the real engine. It needs Python 3 with venv, and packages of PyPI.
import { join } from "node:path";
import { checkEmulators } from "../support/emulator";
import { addSdk, runExample, sharedFolder } from "../support/language-examples";
import { generateSdks, runToEnd } from "../support/sdks";

describe("The example in Python", function () {
  this.timeout(600_000);
  checkEmulators();

  const folder = sharedFolder();
  const commands = join(folder, "venv", "bin");
  const pip = (...given: string[]) =>
    runToEnd(join(commands, "python"), ["-m", "pip", "install", "--quiet", ...given], folder);

  before(() => {
    generateSdks(folder);
    runToEnd("python3", ["-m", "venv", join(folder, "venv")], folder);
  });

  it("creates a cluster with a database and a user, connects to it, and deletes it", async () => {
    await runExample("python", {
      path: [commands],
      prepare: (directory) => {
        addSdk(folder, "python", directory);
        pip("--requirement", join(directory, "requirements.txt"));
        pip(join(directory, "sdks", "cockroachdb-cloud"));
      },
    });
  });
});
