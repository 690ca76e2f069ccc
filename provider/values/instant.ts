/** Moments as texts in any time zone. */
/** The shortest spelling of a time in UTC. */
export function instantOf(text: unknown): string {
  const ms = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? String(text) : new Date(ms).toISOString().replace(".000Z", "Z");
}
