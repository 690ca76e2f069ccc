// A terminal's screen as an SVG picture: one text element for each run of cells that look the same.

const cellWidth = 8.4;
const lineHeight = 19;
const padding = 16;
const titleHeight = 34;

const background = "#1b1f27";
const foreground = "#d7dce5";
/** The sixteen colours of a terminal, readable on the background. */
const palette = [
  "#3b4252",
  "#ff7b72",
  "#7ee787",
  "#e3b341",
  "#79c0ff",
  "#d2a8ff",
  "#56d4dd",
  "#d7dce5",
  "#8b949e",
  "#ffa198",
  "#a5f0b0",
  "#f2cc60",
  "#a5d6ff",
  "#e2c5ff",
  "#8be9f0",
  "#ffffff",
];

/** Lines of cells as a picture; `command` is what was typed. */
export function svgOf(lines, { command, columns }) {
  const width = Math.round(columns * cellWidth + 2 * padding);
  const height = titleHeight + (lines.length + 1) * lineHeight + 2 * padding - lineHeight;
  const title = `$ ${command}`;
  const body = lines.flatMap((cells, row) =>
    runsOf(cells).map((run) => textElement(run, titleHeight + padding + (row + 0.75) * lineHeight)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="${background}"/>`,
    `<text x="${padding}" y="${titleHeight - 8}" fill="#8b949e" font-weight="bold">${escaped(title)}</text>`,
    ...body,
    "</svg>",
    "",
  ].join("\n");
}

/** Neighbouring cells that look the same, without white space at the ends. */
function runsOf(cells) {
  const runs = [];
  for (const [column, cell] of cells.entries()) {
    const last = runs.at(-1);
    if (last && looksLike(last, cell)) last.text += cell.text;
    else runs.push({ ...cell, column });
  }
  return runs.flatMap((run) => {
    const lead = run.text.length - run.text.trimStart().length;
    const text = run.text.trim();
    return text === "" ? [] : [{ ...run, text, column: run.column + lead }];
  });
}

function looksLike(one, other) {
  return ["colour", "isBold", "isDim", "isUnderlined"].every((key) => one[key] === other[key]);
}

function textElement({ text, column, colour, isBold, isDim, isUnderlined }, y) {
  const style = [
    `fill="${fillOf(colour)}"`,
    ...(isBold ? ['font-weight="bold"'] : []),
    ...(isDim ? ['opacity="0.7"'] : []),
    ...(isUnderlined ? ['text-decoration="underline"'] : []),
  ].join(" ");
  const x = round(padding + column * cellWidth);
  const length = round([...text].length * cellWidth);
  return `<text x="${x}" y="${round(y)}" textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve" ${style}>${escaped(text)}</text>`;
}

function fillOf(colour) {
  if (colour === undefined) return foreground;
  if (typeof colour === "string") return colour;
  if (colour < palette.length) return palette[colour];
  if (colour >= 232) return `#${((colour - 232) * 10 + 8).toString(16).padStart(2, "0").repeat(3)}`;
  const level = (step) => (step === 0 ? 0 : 55 + step * 40).toString(16).padStart(2, "0");
  const index = colour - 16;
  return `#${level(Math.floor(index / 36))}${level(Math.floor(index / 6) % 6)}${level(index % 6)}`;
}

function escaped(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function round(value) {
  return Math.round(value * 10) / 10;
}
