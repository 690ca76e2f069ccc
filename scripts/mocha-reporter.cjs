// Mocha's spec reporter, which also writes the counts and the titles to the file named by MOCHA_COUNTS, for scripts/test.mjs.
const { readFileSync, writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MOCHA_COUNTS;
    if (!file) return;
    const counts = { passed: 0, failed: [], titles: [] };
    runner.on(Runner.constants.EVENT_TEST_BEGIN, (test) => counts.titles.push(test.fullTitle()));
    runner.on(Runner.constants.EVENT_TEST_PASS, () => {
      counts.passed += 1;
    });
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) =>
      counts.failed.push(`${test.fullTitle()} (skipped)`),
    );
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test) => counts.failed.push(test.fullTitle()));
    runner.once(Runner.constants.EVENT_RUN_END, () => writeFileSync(file, JSON.stringify(counts)));
    // Only then the processes that hooks have ended are counted.
    process.once("exit", () =>
      writeFileSync(file, JSON.stringify({ ...counts, cpuSeconds: cpuSeconds() })),
    );
  }
};

/** Processor time of this process and of those that it has waited for, which only Linux reports. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  if (process.platform !== "linux") return (user + system) / 1e6;
  const [, afterName] = readFileSync("/proc/self/stat", "utf8").split(") ");
  const ticks = afterName.split(" ").slice(11, 15);
  return ticks.reduce((sum, each) => sum + Number(each), 0) / 100;
}
