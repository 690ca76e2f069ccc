import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator/index";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import type { ApiResponse, Caller } from "../caller";
import { assertRefused, basic, bodyOf, minute, startQuick } from "../caller";

const names = ["alpha-1", "bravo-1", "charly-1", "delta-1", "echo-01"];

describe("Paging", () => {
  checkEmulators();

  async function withFive(
    options: EmulatorOptions = {},
  ): Promise<{ emulator: TestEmulator; api: Caller }> {
    const started = await startQuick(options);
    for (const name of ["delta-1", "alpha-1", "echo-01", "charly-1", "bravo-1"]) {
      bodyOf(await started.api.post("/clusters", basic(name)));
      await started.emulator.clock.advance(minute);
    }
    return started;
  }

  function namesOf(response: ApiResponse): string[] {
    return bodyOf(response).clusters.map((cluster: { name: string }) => cluster.name);
  }

  it("returns empty tokens, or null if so configured, for a list that fits on one page", async () => {
    const { api } = await startQuick();
    assert.deepEqual(bodyOf(await api.get("/clusters")).pagination, {
      next_page: "",
      previous_page: "",
    });
    const { api: other } = await startQuick({ assumptions: { paginationEnd: "null" } });
    assert.equal(bodyOf(await other.get("/clusters")).pagination, null);
  });

  it("returns five items as pages of 2, 2 and 1 in order, and back again", async () => {
    const { api } = await withFive();
    const first = await api.get("/clusters?pagination.limit=2&pagination.page=");
    const { next_page: second } = first.body.pagination;
    const middle = await api.get(`/clusters?pagination.limit=2&pagination.page=${second}`);
    const { next_page: third, previous_page: back } = middle.body.pagination;
    const last = await api.get(`/clusters?pagination.limit=2&pagination.page=${third}`);
    assert.deepEqual(
      [namesOf(first), namesOf(middle), namesOf(last)],
      [names.slice(0, 2), names.slice(2, 4), names.slice(4)],
    );
    assert.equal(last.body.pagination.next_page, "");
    assert.equal(first.body.pagination.previous_page, "");
    const again = await api.get(`/clusters?pagination.limit=2&pagination.page=${back}`);
    assert.deepEqual(namesOf(again), names.slice(0, 2));
  });

  it("neither repeats nor loses items when others come and go between pages", async () => {
    const { emulator, api } = await withFive();
    const first = await api.get("/clusters?pagination.limit=2");
    emulator.clusters.forget(first.body.clusters[0].id);
    bodyOf(await api.post("/clusters", basic("aaaaaa")));
    const { next_page: next } = first.body.pagination;
    const second = await api.get(`/clusters?pagination.limit=2&pagination.page=${next}`);
    assert.deepEqual(namesOf(second), names.slice(2, 4));
  });

  it("shows every item once, in order, for every page size and in both directions", async () => {
    const { api } = await withFive();
    for (const order of ["ASC", "DESC"]) {
      for (let limit = 1; limit <= 6; limit += 1) {
        const query = `/clusters?pagination.sort_order=${order}&pagination.limit=${limit}&pagination.page=`;
        const seen: string[] = [];
        const backwards: string[] = [];
        let response = await api.get(query);
        seen.push(...namesOf(response));
        while (response.body.pagination.next_page !== "") {
          response = await api.get(query + response.body.pagination.next_page);
          seen.push(...namesOf(response));
        }
        backwards.unshift(...namesOf(response));
        while (response.body.pagination.previous_page !== "") {
          response = await api.get(query + response.body.pagination.previous_page);
          backwards.unshift(...namesOf(response));
        }
        const expected = order === "ASC" ? names : [...names].reverse();
        assert.deepEqual([seen, backwards], [expected, expected], `${order} by ${limit}`);
      }
    }
  });

  it("refuses a token that it has not issued", async () => {
    const { api } = await withFive();
    for (const token of ["garbage", "e30", Buffer.from("{").toString("base64url")]) {
      assertRefused(await api.get(`/clusters?pagination.page=${token}`), 400, 3);
    }
    const { next_page: next } = bodyOf(await api.get("/clusters?pagination.limit=2")).pagination;
    assertRefused(await api.get(`/cluster-versions?pagination.page=${next}`), 400, 3);
  });

  it("reverses the order", async () => {
    const { api } = await withFive();
    const first = await api.get("/clusters?pagination.sort_order=DESC&pagination.limit=3");
    assert.deepEqual(namesOf(first), [...names].reverse().slice(0, 3));
    const rest = await api.get(
      `/clusters?pagination.sort_order=DESC&pagination.limit=3&pagination.page=${first.body.pagination.next_page}`,
    );
    assert.deepEqual(namesOf(rest), [...names].reverse().slice(3));
  });

  it("applies the default limit for none or zero, and clamps a large one", async () => {
    const { api } = await withFive({ assumptions: { pageDefault: 2, pageMax: 3 } });
    assert.equal(namesOf(await api.get("/clusters")).length, 2);
    assert.equal(namesOf(await api.get("/clusters?pagination.limit=0")).length, 2);
    assert.equal(namesOf(await api.get("/clusters?pagination.limit=400")).length, 3);
    assertRefused(await api.get("/clusters?pagination.limit=-1"), 400, 3);
  });

  it("hides what was created later than as_of_time", async () => {
    const { emulator, api } = await withFive();
    const past = new Date(emulator.clock.now() - 4 * minute).toISOString();
    const response = await api.get(`/clusters?pagination.as_of_time=${past}`);
    assert.deepEqual(namesOf(response), ["alpha-1", "delta-1"]);
  });
});
