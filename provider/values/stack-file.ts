/** What Pulumi makes of a value that stands without quotes in a stack's file. */

const advice = " In Pulumi.<stack>.yaml it must stand in quotes.";

/** For a time in the form that Pulumi gives to one without quotes, the advice to add them. */
export function adviceOnTime(text: string): string {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]* [+-]\d{4} /.test(text) ? advice : "";
}

/** The same for the number of an AWS account that may have lost leading zeros. */
export function adviceOnAccount(text: unknown): string {
  return typeof text === "string" && /^\d{9,11}$/.test(text) ? advice : "";
}
