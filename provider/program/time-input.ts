/** Arguments that users write as a text or as a date. */
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
