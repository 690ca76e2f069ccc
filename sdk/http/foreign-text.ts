// Texts of other parties on their way into a message: a server that is broken, or is not the API, must
// not flood the reader's screen nor steer the terminal.

const longest = 1_000;

/** The text without what steers a terminal; its lines stay. */
export function withoutControls(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[^\P{Control}\n]+/gu, " ");
}

/** The text on one line, without control characters, and shortened. */
export function foreignText(text: string): string {
  const start = text.slice(0, longest);
  const line = start.replace(/\p{Surrogate}/gu, "\ufffd").replace(/\s*\p{Control}+\s*/gu, " ");
  return text.length > longest ? `${line}… (${text.length} characters)` : line;
}
