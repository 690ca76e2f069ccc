// What a caller of `startEmulator` may choose. Everything has a default, and the defaults are what the real
// service is known (or, for assumptions, believed) to do.

import type { Assumptions } from "./assumptions";
import type { CatalogueMachine } from "./catalogue/machines";
import type { CatalogueRegion } from "./catalogue/regions";
import type { CatalogueVersion } from "./catalogue/versions";
import type { BackgroundOptions } from "./cluster/background";
import type { Durations } from "./durations";
import type { Clock } from "./server/clock";
import type { Exchange } from "./server/exchange";
import type { RateLimit } from "./server/rate-limit";
import type { RoleGrant } from "./server/roles";

/** Options of `startEmulator`. */
export interface EmulatorOptions {
  /**
   * TCP port on 127.0.0.1; 0 takes a free one.
   * @default 0
   */
  port?: number;
  /**
   * The organizations, each with its own API keys and clusters.
   * @default one organization with one key that may do everything
   */
  organizations?: OrganizationOptions[];
  /**
   * Requests per second and key, `"off"` for no limit, or the limit in detail.
   * @default 10
   */
  rateLimit?: number | "off" | RateLimit;
  /**
   * Real milliseconds that every response waits, whatever the clock.
   * @default 0
   */
  latencyMs?: number;
  /**
   * How time passes: `realClock()`, `scaledClock(60)` or `manualClock()`.
   * @default realClock()
   */
  clock?: Clock;
  /** How long the slow steps take; what is left out keeps its default. */
  durations?: Partial<Durations>;
  /**
   * Work of the service that nobody has asked for, on every cluster, again and again: half of it locks the cluster,
   * a fifth fails and leaves `*_FAILED` behind. The same seed repeats the same course.
   * @default none
   */
  background?: BackgroundOptions;
  /** What no public source settles; what is left out keeps its default. */
  assumptions?: Partial<Assumptions>;
  /**
   * The regions that exist.
   * @default the regions of the service's documentation, June 2026
   */
  regions?: readonly CatalogueRegion[];
  /**
   * The machine types of Advanced clusters that exist; of several of one size the service picks the first.
   * @default those of the service's documentation, June 2026: from 4 vCPUs on
   */
  machines?: readonly CatalogueMachine[];
  /**
   * The CockroachDB versions that exist.
   * @default v26.1 down to v22.1, of which v24.3 and newer are supported
   */
  versions?: readonly CatalogueVersion[];
  /** Called after every response, for example to check it against the API's OpenAPI document. */
  onResponse?: (exchange: Exchange) => void;
}

/** One organization. */
export interface OrganizationOptions {
  /** @default "emulated-organization" */
  name?: string;
  /**
   * How requests with a token of a JWT issuer name the organization, in the header `Cc-Vanity-Name`.
   * @default the name
   */
  vanityName?: string;
  /**
   * UUID.
   * @default a random one
   */
  id?: string;
  /**
   * RFC 3339; invoices begin with its month.
   * @default the beginning of the month two months before the emulator starts
   */
  createdAt?: string;
  /** @default one key that may do everything */
  apiKeys?: ApiKeyOptions[];
  /** @default none */
  folders?: FolderOptions[];
  /**
   * Whether it uses SCIM, which takes Cloud Organization SSO.
   * @default true
   */
  scim?: boolean;
  /** @default a founder, who may do everything, and a member without further roles */
  persons?: PersonOptions[];
}

/** An API key with a service account of its own, which has the roles and the rate limit. */
export interface ApiKeyOptions {
  /**
   * The bearer token.
   * @default a random one in the service's form
   */
  secret?: string;
  /**
   * The name of the key, by which the request log calls it, and of its service account.
   * @default "key-1", "key-2", …
   */
  name?: string;
  /** @default CLUSTER_ADMIN, ORG_ADMIN, FOLDER_ADMIN and BILLING_COORDINATOR of the organization */
  roles?: RoleGrant[];
}

/** A member of the organization. */
export interface PersonOptions {
  /**
   * UUID.
   * @default a random one
   */
  id?: string;
  email: string;
  /** @default none beside ORG_MEMBER, which every member has */
  roles?: RoleGrant[];
}

/** A folder that exists from the start. */
export interface FolderOptions {
  /** UUID. */
  id: string;
  name: string;
  /**
   * UUID of the folder that contains it.
   * @default "root"
   */
  parentId?: string;
  /** @default none */
  labels?: Record<string, string>;
}
