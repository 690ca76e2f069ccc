// Who sends a request: a service account by an API key, or whoever a token of one of the organization's issuers
// stands for.

import type { IncomingHttpHeaders } from "node:http";
import type { EmulatorContext } from "../context";
import { callerOfToken } from "../organization/jwt-issuers";
import type { Organization } from "../organization/organization";
import { workingKey } from "../organization/organization";
import type { CallerRecord } from "../organization/principals";
import { nameOf } from "../organization/principals";
import { unauthenticated } from "./errors";
import type { Token } from "./json-web-token";
import { parseToken } from "./json-web-token";

/** The sender of a request. */
export interface Sender {
  /** What the request log calls the credential. */
  readonly keyName: string;
  readonly caller: CallerRecord;
  readonly organization: Organization;
}

/** The sender of a request with these headers. @throws unauthenticated */
export function authenticate(
  organizations: readonly Organization[],
  context: EmulatorContext,
  headers: IncomingHttpHeaders,
): Sender {
  const { authorization = "" } = headers;
  const secret = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (secret === undefined) {
    throw unauthenticated(
      authorization === "" ? "missing authorization header" : "malformed authorization header",
    );
  }
  for (const organization of organizations) {
    const key = workingKey(organization, secret, context.clock.now());
    if (key !== undefined) {
      return { keyName: key.name, caller: key.account, organization };
    }
  }
  const token = context.assumptions.jwtIssuers ? parseToken(secret) : undefined;
  if (token === undefined) {
    throw unauthenticated("invalid API key");
  }
  return senderOfToken(token, organizations, context, headers);
}

function senderOfToken(
  token: Token,
  organizations: readonly Organization[],
  context: EmulatorContext,
  headers: IncomingHttpHeaders,
): Sender {
  const vanityName = textOf(headers["cc-vanity-name"]);
  if (vanityName === undefined) {
    throw unauthenticated("a JWT needs the header Cc-Vanity-Name");
  }
  const organization = organizations.find((candidate) => candidate.vanityName === vanityName);
  if (organization === undefined) {
    throw unauthenticated(`no organization has the vanity name '${vanityName}'`);
  }
  const caller = callerOfToken(token, organization, textOf(headers["cc-username"]), context);
  return { keyName: `JWT of ${nameOf(caller)}`, caller, organization };
}

function textOf(header: string | string[] | undefined): string | undefined {
  return (typeof header === "object" ? header[0] : header) || undefined;
}
