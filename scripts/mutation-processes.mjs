// Required by mocha where tests start processes: these learn from their environment which change Stryker tries.

export const mochaHooks = {
  beforeEach() {
    const { activeMutant } = globalThis.__stryker__ ?? {};
    if (activeMutant !== undefined) process.env.__STRYKER_ACTIVE_MUTANT__ = activeMutant;
  },
};
