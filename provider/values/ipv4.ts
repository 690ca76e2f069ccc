/** IPv4 addresses and networks, as an allowlist takes them. */
import { describeValue } from "../resource/check";

/** Why a text is no IPv4 address. */
export function addressProblem(value: string): string | undefined {
  if (value.includes(":")) {
    return `must be an IPv4 address, because the API takes no others, not ${describeValue(value)}.`;
  }
  const [, address = "", mask] = /^([^/]+)\/(\d|[12]\d|3[0-2])$/.exec(value) ?? [];
  const bits = numberOf(address);
  if (bits !== undefined && mask !== undefined) {
    const network = textOf(networkOf(bits, Number(mask)));
    const alone =
      network === address ? "" : `, or cidrIp: "${address}", cidrMask: 32 for that address alone`;
    return `must be the address alone, not ${describeValue(value)}: write cidrIp: "${network}", cidrMask: ${mask}${alone}.`;
  }
  return numberOf(value) === undefined
    ? `must be an IPv4 address such as "203.0.113.0", not ${describeValue(value)}.`
    : undefined;
}

/** Why an address is not the first of its network. */
export function networkProblem(cidrIp: string, cidrMask: number): string | undefined {
  const address = numberOf(cidrIp) ?? 0;
  const network = networkOf(address, cidrMask);
  return network === address
    ? undefined
    : `must be the first address of its network: write cidrIp: "${textOf(network)}" for the network with cidrMask: ${cidrMask}, or cidrMask: 32 for ${cidrIp} alone.`;
}

/** The first address of a network. */
function networkOf(address: number, mask: number): number {
  return address - (address % 2 ** (32 - mask));
}

/** The 32 bits of an address. */
function numberOf(address: string): number | undefined {
  const octets = address.split(".");
  const isOctet = (text: string) => /^(0|[1-9]\d{0,2})$/.test(text) && Number(text) < 256;
  if (octets.length !== 4 || !octets.every(isOctet)) return undefined;
  return octets.reduce((bits, octet) => bits * 256 + Number(octet), 0);
}

function textOf(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}
