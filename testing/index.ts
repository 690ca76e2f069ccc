/** For unit tests of programs that use this package. */

export type { MockedClasses, MockedOutputs, MockedResource, Overrides } from "./mocks";
export { mocks } from "./mocks";
export { promiseOf } from "./promise-of";
