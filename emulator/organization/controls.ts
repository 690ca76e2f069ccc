// The controls of an organization for tests and tools: its keys, their roles, its records.

import type { WireAuditLogEntry } from "../areas/audit-log";
import { auditLogOf, newAuditLogEntry } from "../areas/audit-log";
import type { WireInvoice } from "../areas/invoice";
import { invoicesOf, newInvoice, writtenInvoicesOf } from "../areas/invoice";
import { clustersOf } from "../cluster/find";
import { toWire } from "../cluster/response";
import type { WireCluster } from "../cluster/wire";
import type { EmulatorContext } from "../context";
import type { ApiKeyOptions } from "../options";
import type { RoleGrant } from "../server/roles";
import { heldGrant } from "./grants";
import type { ApiKey, Organization } from "./organization";
import { addApiKey, revokeKey } from "./organization";

/** One organization of a running emulator. */
export interface OrganizationControls {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  /** Adds an API key with a service account of its own. Returns its secret. */
  addKey(key: ApiKeyOptions): string;
  /** Revokes a key: its requests get 401. @param name The key's name, not its secret. */
  revokeKey(name: string): void;
  /** Grants a role to the service account of a key. @param name The key's name. */
  grant(name: string, grant: RoleGrant): void;
  /** Replaces all roles of the service account of a key. @param name The key's name. */
  setRoles(name: string, grants: RoleGrant[]): void;
  /** The live clusters directly in a folder. @param folderId UUID, or "root". */
  clustersIn(folderId: string): WireCluster[];
  /** All entries of the audit log, in the order in which they were made. */
  auditLog(): WireAuditLogEntry[];
  /**
   * Adds an entry to the audit log.
   * @param entry What is left out is a login of somebody, now.
   */
  addAuditLogEntry(entry?: Partial<WireAuditLogEntry>): WireAuditLogEntry;
  /** All invoices, by the beginning of their period. */
  invoices(): WireInvoice[];
  /**
   * Adds an invoice, in place of the one that is generated for the same month.
   * @param invoice What is left out is that of an organization without clusters, of the current month.
   */
  addInvoice(invoice?: Partial<WireInvoice>): WireInvoice;
}

/** Creates the controls of an organization. @internal */
export function organizationControls(
  organization: Organization,
  context: EmulatorContext,
): OrganizationControls {
  const keyOf = (name: string): ApiKey => {
    const key = [...organization.keys.values()].find((candidate) => candidate.name === name);
    if (key === undefined) {
      throw new Error(`The organization has no API key named "${name}".`);
    }
    return key;
  };
  const held = (grant: RoleGrant) => heldGrant(grant, context);
  return {
    id: organization.id,
    name: organization.name,
    addKey: (options) => addApiKey(organization, options, context.clock.now(), held).secret,
    revokeKey: (name) => {
      revokeKey(organization, keyOf(name), context);
    },
    grant: (name, grant) => {
      keyOf(name).account.grants.push(held(grant));
    },
    setRoles: (name, grants) => {
      keyOf(name).account.grants = grants.map(held);
    },
    clustersIn: (folderId) =>
      clustersOf(organization, context)
        .filter((cluster) => cluster.parentId === folderId && cluster.phase !== "deleted")
        .map((cluster) => toWire(cluster, context)),
    auditLog: () => [...auditLogOf(organization)],
    addAuditLogEntry: (parts = {}) => {
      const entry = newAuditLogEntry(parts, context.clock.now());
      auditLogOf(organization).push(entry);
      return entry;
    },
    invoices: () => invoicesOf(organization, context),
    addInvoice: (parts = {}) => {
      const invoice = newInvoice(parts, context.clock.now());
      writtenInvoicesOf(organization).push(invoice);
      return invoice;
    },
  };
}
