import { strict as assert } from "node:assert";
import {
  isOlderMajorVersion,
  isSameMajorVersion,
  majorVersion,
} from "../../../provider/cluster/cockroach-version";

describe("CockroachDB versions", () => {
  const majors: [string, string | undefined][] = [
    ["v25.2", "v25.2"],
    ["v25.2.6", "v25.2"],
    ["v25.2.0-rc.1", "v25.2"],
    ["v25", undefined],
    ["25.2", undefined],
    ["v25.10.12", "v25.10"],
    ["rev25.2", undefined],
    ["v25.2 or so", undefined],
    ["latest", undefined],
    ["", undefined],
  ];
  for (const [version, major] of majors) {
    it(`have a major part: "${version}"`, () => assert.equal(majorVersion(version), major));
  }

  const older: [string, string, boolean][] = [
    ["v25.2", "v25.4", true],
    ["v24.3.9", "v25.1", true],
    ["v9.4", "v25.1", true],
    ["v25.4", "v25.2", false],
    ["v25.2.1", "v25.2.9", false],
    ["v26.1", "v25.4", false],
    ["latest", "v25.2", false],
    ["v25.2", "latest", false],
  ];
  for (const [one, other, isOlder] of older) {
    it(`are ordered by number: ${one} and ${other}`, () => {
      assert.equal(isOlderMajorVersion(one, other), isOlder);
    });
  }

  it("are the same by their major part, or as they are", () => {
    assert.ok(isSameMajorVersion("v25.2", "v25.2.6"));
    assert.ok(!isSameMajorVersion("v25.2", "v25.4"));
    assert.ok(isSameMajorVersion("next", "next"));
  });
});
