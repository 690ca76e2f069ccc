import type { WireAllowlistEntry } from "../../../sdk";
import type { allowlistEntrySchema, allowlistSchema } from "../../../sdk/resources/allowlist";
import { basic } from "../../emulator/caller";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const entry = { cidr_ip: "203.0.113.0", cidr_mask: 24, name: "office", sql: true, ui: false };

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof allowlistEntrySchema, WireAllowlistEntry>,
    true satisfies Lists<typeof allowlistSchema, "allowlist", WireAllowlistEntry>,
  ],

  operations: [
    {
      name: "allowlist.list",
      operation: "Listing the allowlist of cluster c/1",
      object: "cluster c/1",
      call: ({ allowlist }) => all(allowlist.list(id)),
      method: "GET",
      template: `${ofCluster}/networking/allowlist`,
      url: `${base}/networking/allowlist?pagination.limit=500`,
      response: { allowlist: [entry], propagating: true, pagination: null },
      result: [entry],
    },
    {
      name: "allowlist.read",
      operation: "Listing the allowlist of cluster c/1",
      object: "cluster c/1",
      call: ({ allowlist }) => allowlist.read(id),
      method: "GET",
      template: `${ofCluster}/networking/allowlist`,
      url: `${base}/networking/allowlist?pagination.limit=500`,
      response: { allowlist: [entry], propagating: true, pagination: null },
      result: { entries: [entry], propagating: true },
    },
    {
      name: "allowlist.add",
      operation: "Adding allowlist entry 203.0.113.0/24 of cluster c/1",
      object: "allowlist entry 203.0.113.0/24 of cluster c/1",
      call: ({ allowlist }) => allowlist.add(id, entry),
      method: "POST",
      template: `${ofCluster}/networking/allowlist`,
      url: `${base}/networking/allowlist`,
      body: entry,
      response: entry,
      result: entry,
    },
    {
      name: "allowlist.put",
      operation: "Setting allowlist entry 203.0.113.0/24 of cluster c/1",
      object: "allowlist entry 203.0.113.0/24 of cluster c/1",
      call: ({ allowlist }) => allowlist.put(id, entry),
      method: "PUT",
      template: `${ofCluster}/networking/allowlist/{cidr_ip}/{cidr_mask}`,
      url: `${base}/networking/allowlist/203.0.113.0/24`,
      body: { name: "office", sql: true, ui: false },
      response: entry,
      result: entry,
    },
    {
      name: "allowlist.update",
      operation: "Changing allowlist entry 203.0.113.0/24 of cluster c/1",
      object: "allowlist entry 203.0.113.0/24 of cluster c/1",
      call: ({ allowlist }) => allowlist.update(id, "203.0.113.0", 24, { sql: true, ui: false }),
      method: "PATCH",
      template: `${ofCluster}/networking/allowlist/{cidr_ip}/{cidr_mask}`,
      url: `${base}/networking/allowlist/203.0.113.0/24`,
      body: { sql: true, ui: false },
      response: entry,
      result: entry,
    },
    {
      name: "allowlist.delete",
      operation: "Removing allowlist entry 0.0.0.0/0 of cluster c/1",
      object: "allowlist entry 0.0.0.0/0 of cluster c/1",
      call: ({ allowlist }) => allowlist.delete(id, "0.0.0.0", 0),
      method: "DELETE",
      template: `${ofCluster}/networking/allowlist/{cidr_ip}/{cidr_mask}`,
      url: `${base}/networking/allowlist/0.0.0.0/0`,
      response: { cidr_ip: "0.0.0.0", sql: true, ui: true },
      result: { cidr_ip: "0.0.0.0", cidr_mask: 0, name: "", sql: true, ui: true },
    },
  ],

  async callEach({ client, emulator }) {
    const { id } = emulator.clusters.create(basic("orders"));
    await client.allowlist.add(id, entry);
    await client.allowlist.put(id, entry);
    await all(client.allowlist.list(id));
    await client.allowlist.read(id);
    await client.allowlist.update(id, entry.cidr_ip, entry.cidr_mask, { sql: true, ui: false });
    await client.allowlist.delete(id, entry.cidr_ip, entry.cidr_mask);
  },
};
