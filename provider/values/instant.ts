/** Moments as users write them: texts in any time zone, or dates. */
import * as pulumi from "@pulumi/pulumi";

/** An argument with a date in the form of the API. */
export function timeInput(
  value: pulumi.Input<string | Date> | undefined,
): pulumi.Input<string> | undefined {
  if (value === undefined) return undefined;
  // Pulumi would make an empty object of a date.
  return value instanceof Date ? dateText(value) : pulumi.output(value as pulumi.Input<string>);
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? String(date) : date.toISOString();
}

/** The shortest spelling of a time in UTC. */
export function instantOf(text: unknown): string {
  const ms = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? String(text) : new Date(ms).toISOString().replace(".000Z", "Z");
}
