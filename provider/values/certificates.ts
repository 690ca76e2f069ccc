/** Certificates in PEM. */
import { X509Certificate } from "node:crypto";

/** The certificates in a text; undefined when one of its blocks is none. */
export function certificatesIn(text: string): X509Certificate[] | undefined {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}
