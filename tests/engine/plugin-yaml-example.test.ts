// examples/yaml on the real engine.
import { checkEmulators } from "../support/emulator";
import { runExample } from "../support/language-examples";

describe("The example in YAML", function () {
  this.timeout(180_000);
  checkEmulators();

  it("creates a cluster with a database and a user, connects to it, and deletes it", async () => {
    await runExample("yaml");
  });
});
