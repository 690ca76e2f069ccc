// Untrusted text in a message: a server that is broken, or is not the API, must neither flood the screen nor
// control the terminal.

const maxLength = 1_000;

/** The text without control characters, except for line breaks. */
export function stripControlCharacters(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[^\P{Control}\n]+/gu, " ");
}

/** The text on one line, without control characters, and shortened. */
export function sanitizeUntrusted(text: string): string {
  const start = text.slice(0, maxLength);
  const line = start.replace(/\p{Surrogate}/gu, "\ufffd").replace(/\s*\p{Control}+\s*/gu, " ");
  return text.length > maxLength ? `${line}… (${text.length} characters)` : line;
}
