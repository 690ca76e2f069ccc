/** Values as a person writes them in a TypeScript program. */

/** An expression that stands as it is. */
export class Expression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const lineWidth = 100;
/** What follows a value on its line: `);`. */
const tailWidth = 2;

/**
 * The value as a literal: on the line where it begins when it fits there, else with a line for each member.
 *
 * @param indent what its lines begin with
 * @param column where on its line it begins
 */
export function literal(value: unknown, indent = "", column = indent.length): string {
  const line = inOneLine(value);
  const fits = column + line.length + tailWidth <= lineWidth;
  if (fits || typeof value !== "object" || value === null || value instanceof Expression) {
    return line;
  }
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const lines = value.map((item) => `${inner}${literal(item, inner)},\n`);
    return `[\n${lines.join("")}${indent}]`;
  }
  return `{\n${membersOf(value, inner)}${indent}}`;
}

/** The members of an object, each with its lines: `  name: "orders",`. */
export function membersOf(value: object, indent: string): string {
  return Object.entries(value)
    .map(([key, member]) => {
      const head = `${indent}${keyOf(key)}: `;
      return `${head}${literal(member, indent, head.length)},\n`;
    })
    .join("");
}

/** The end of a refusal to import: what the program has to say instead. */
export function linesToWrite(values: object): string {
  return `\nWrite in the program:\n${membersOf(values, "  ").trimEnd()}`;
}

function inOneLine(value: unknown): string {
  if (value instanceof Expression) return value.text;
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${keyOf(key)}: ${inOneLine(member)}`,
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function keyOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
