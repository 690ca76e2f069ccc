// examples/go with the generated SDK on the real engine.
import { checkEmulators } from "../support/emulator";
import { addSdk, runExample, sharedFolder } from "../support/language-examples";
import { generateSdks, runToEnd } from "../support/sdks";

describe("The example in Go", function () {
  // The SDKs of Pulumi and of this package are compiled once.
  this.timeout(600_000);
  checkEmulators();

  const sdks = sharedFolder();
  before(() => generateSdks(sdks));

  it("creates a cluster with a database and a user, connects to it, and deletes it", async () => {
    await runExample("go", {
      prepare: (directory) => {
        addSdk(sdks, "go", directory);
        runToEnd("go", ["vet", "-trimpath", "."], directory);
      },
    });
  });
});
