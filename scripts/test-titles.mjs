// A test's full title, its suites' titles and its own, is a sentence that a stranger understands. What of that a machine can
// check: it begins as a sentence or with a name in code, has a verb, promises something, and is not that of another test.

/** What a plural does. Of a singular the verb ends in `s`; a verb that is missing here belongs here. */
const pluralVerbs =
  "add adopt allow apply ask become begin belong break bring carry change come compile count create cut delete differ do " +
  "end exist fail find fit follow get give go grow hang have hold include keep know lead leave let list lock lose make " +
  "match mean move name need pass pause produce read refuse reject replace report respond return say send share show start stay " +
  "stop take travel treat translate wait write";
const verbs = new Set(
  `am are is was were will can cannot could may might must ${pluralVerbs}`.split(" "),
);
const empty = /\b(as expected|correctly|properly|works)$|^tests?\b/i;

/** What is wrong with the titles, each with its reason. */
export function titleProblems(titles) {
  const seen = new Set();
  return titles.flatMap((title) => {
    const isRepeated = seen.has(title);
    seen.add(title);
    return [...(isRepeated ? ["is the title of two tests"] : []), ...reasons(title)].map(
      (reason) => `"${title}" ${reason}`,
    );
  });
}

function reasons(title) {
  const [first = "", ...words] = title.split(/[\s,:;()]+/);
  const hasVerb = words.some((word) => verbs.has(word) || /^[a-z][a-z-]+s$/.test(word));
  return [
    [/^[A-Z`]/.test(first) || isCode(first), "begins neither with a capital nor with a name"],
    [hasVerb, "has no verb in the present tense"],
    [!empty.test(title), "does not say what happens"],
    [title.length >= 14, "is too short"],
    [title.length <= 260, "is too long"],
    [title === title.trim() && !title.includes("\n"), "has white space around it, or two lines"],
  ].flatMap(([holds, reason]) => (holds ? [] : [reason]));
}

/** `defineResource`, `pulumi-cockroachdb-cloud`, `--replace`. */
function isCode(word) {
  return /^-|[a-z][A-Z]|[a-z][-.@/][a-z]|\(\)/.test(word);
}
