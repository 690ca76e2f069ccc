// The root certificate of a cluster, which the service's web site gives to everybody: an Advanced cluster has an
// authority of its own, the others have that of a public one.

import { createHash, createPrivateKey, createPublicKey, sign, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import type { EmulatorContext } from "../context";
import type { Organization } from "../organization/organization";
import { stateOfEachCluster } from "../state";
import { clustersOf } from "./find";
import type { ClusterRecord } from "./record";
import { stateOf } from "./record";

/** What is served. */
export interface CertificatePage {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

const certificatePath = /^\/clusters\/([^/]+)\/cert$/;

/** The page at a path; undefined when the path is another one. No key is asked for. */
export function certificatePage(
  organizations: readonly Organization[],
  context: EmulatorContext,
  path: string,
): CertificatePage | undefined {
  const id = certificatePath.exec(path)?.[1]?.toLowerCase();
  if (id === undefined) {
    return undefined;
  }
  const cluster = organizations
    .flatMap((organization) => clustersOf(organization, context))
    .find((each) => each.id === id);
  const { certContentType, unknownCert, certWhileCreating } = context.assumptions;
  const hidden = ["CREATION_FAILED", "DELETED", ...(certWhileCreating ? [] : ["CREATING"])];
  if (cluster === undefined || hidden.includes(stateOf(cluster, context.clock.now()))) {
    const text = "<!doctype html><title>Page not found</title><h1>Page not found</h1>\n";
    const headers = { "content-type": "text/html; charset=utf-8" };
    return unknownCert === "redirect"
      ? { status: 302, text: "", headers: { location: "/login" } }
      : { status: unknownCert === "200-html" ? 200 : 404, text, headers };
  }
  return {
    status: 200,
    text: certificateOf(cluster),
    headers: { "content-type": certContentType },
  };
}

/** The certificate in PEM: for one cluster always the same. */
function certificateOf(cluster: ClusterRecord): string {
  return cluster.plan === "ADVANCED"
    ? authoritiesOf(cluster)
        .map(({ number, since }) => ownAuthority(cluster.id, number, since))
        .join("")
    : publicAuthority();
}

/** The authorities of an Advanced cluster that are in force: two while one takes the place of the other. */
const authoritiesOf = stateOfEachCluster(({ createdAt }) => [{ number: 0, since: createdAt }]);

/** Gives an Advanced cluster another authority. @param overlaps Whether the present one stays in force as well. */
export function rotateAuthority(cluster: ClusterRecord, overlaps: boolean, now: number): void {
  const authorities = authoritiesOf(cluster);
  const number = (authorities.at(-1)?.number ?? 0) + 1;
  authorities.splice(0, overlaps ? authorities.length - 1 : authorities.length);
  authorities.push({ number, since: now });
}

let publicRoot: string | undefined;

/** Let's Encrypt's root, from those that Node.js brings. */
function publicAuthority(): string {
  publicRoot ??= rootCertificates.find((pem) =>
    new X509Certificate(pem).subject.includes("CN=ISRG Root X1"),
  );
  if (publicRoot === undefined) {
    throw new Error("Node.js brings no certificate of ISRG Root X1");
  }
  return `${publicRoot.trim()}\n`;
}

const years = 365.25 * 24 * 3_600_000;
const ed25519 = [0x06, 0x03, 0x2b, 0x65, 0x70];
/** PKCS #8 up to the 32 bytes of an Ed25519 key. */
const keyHead = Buffer.from("302e020100300506032b657004220420", "hex");

/** A self-signed authority whose key comes from the cluster's id and its number. */
function ownAuthority(id: string, number: number, since: number): string {
  const seed = createHash("sha256")
    .update(number === 0 ? id : `${id} ${number}`)
    .digest();
  const key = createPrivateKey({
    key: Buffer.concat([keyHead, seed]),
    format: "der",
    type: "pkcs8",
  });
  const algorithm = der(0x30, Buffer.from(ed25519));
  const name = der(0x30, attribute("Cockroach"), attribute(`Cockroach Cloud CA ${id}`, true));
  const content = der(
    0x30,
    // Version 3.
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), seed.subarray(0, 15)])),
    algorithm,
    name,
    der(0x30, time(since), time(since + 10 * years)),
    name,
    createPublicKey(key).export({ format: "der", type: "spki" }),
    der(0xa3, der(0x30, isAuthority, maySignCertificates)),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign(null, content, key)]));
  const base64 = der(0x30, content, algorithm, signature).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** Critical basic constraints with cA, and critical key usage with keyCertSign and cRLSign. */
const isAuthority = Buffer.from("300f0603551d130101ff040530030101ff", "hex");
const maySignCertificates = Buffer.from("300e0603551d0f0101ff040403020106", "hex");

/** The organization or the common name. */
function attribute(text: string, isCommonName = false): Buffer {
  const type = Buffer.from([0x06, 0x03, 0x55, 0x04, isCommonName ? 0x03 : 0x0a]);
  return der(0x31, der(0x30, type, der(0x0c, Buffer.from(text))));
}

/** A time as certificates have it: two digits for the year until 2049. */
function time(ms: number): Buffer {
  const text = `${new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "")}`;
  const isShort = text < "2050";
  return der(isShort ? 0x17 : 0x18, Buffer.from(isShort ? text.slice(2) : text));
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
