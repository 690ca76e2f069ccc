// Turns a curl command into the request that curl would send: quotes and line continuations of the shell, and the
// few options that the guide uses.

/** A request in the words of `fetch`. */
export interface CurlRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** Reads a curl command. @throws on an option that it does not know, and on an open quote. */
export function requestOf(command: string): CurlRequest {
  const [program, ...words] = wordsOf(command);
  if (program !== "curl") {
    throw new Error(`Not a curl command: ${command}`);
  }
  const headers: Record<string, string> = {};
  let url = "";
  let method: string | undefined;
  let body: string | undefined;
  for (let index = 0; index < words.length; index += 2) {
    const option = words[index];
    const value = words[index + 1] ?? "";
    switch (option) {
      case "--request":
        method = value;
        break;
      case "--url":
        url = value;
        break;
      case "--header": {
        const colon = value.indexOf(":");
        headers[value.slice(0, colon).toLowerCase()] = value.slice(colon + 1).trim();
        break;
      }
      case "--json":
        body = value;
        headers["content-type"] = "application/json";
        headers["accept"] = "application/json";
        break;
      case "--data":
        // "@file" is the contents of a file, which whoever runs the command puts in its place.
        body = value;
        break;
      default:
        throw new Error(`Unknown curl option: ${option}`);
    }
  }
  return { url, method: method ?? (body === undefined ? "GET" : "POST"), headers, body };
}

// As a shell reads a line: "&" outside of quotes ends the command, and a quote that stays open is no command.
function wordsOf(command: string): string[] {
  const words: string[] = [];
  let end = 0;
  for (const match of command.matchAll(/&|(?:'[^']*'|"[^"]*"|\\[\s\S]|[^\s'"\\&])+/g)) {
    checkQuotes(command.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[0] === "&") {
      return words;
    }
    const word = match[0].replace(
      /'([^']*)'|"([^"]*)"|\\([\s\S])/g,
      (_, single?: string, double?: string, escaped?: string) =>
        single ?? double ?? (escaped === "\n" ? "" : (escaped ?? "")),
    );
    if (word !== "") {
      words.push(word);
    }
  }
  checkQuotes(command.slice(end));
  return words;
}

function checkQuotes(between: string): void {
  if (/['"]/.test(between)) {
    throw new Error("A quote is never closed.");
  }
}
