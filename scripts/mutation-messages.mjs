// A Stryker plugin: leaves out mutants that only take away a sentence meant for people.
// A text with white space is such a sentence; names, states, codes and paths have none and are mutated.

const messages = {
  shouldIgnore(path) {
    if (path.isStringLiteral() && /\s/.test(path.node.value)) return "a message";
    // Whatever is below an ignored node is ignored too, so a template with a decision in it is mutated.
    if (path.isTemplateLiteral() && isSentence(path.node) && path.node.expressions.every(isPlain))
      return "a message";
    return undefined;
  },
};

export const strykerPlugins = [{ kind: "Ignore", name: "messages", value: messages }];

function isSentence({ quasis }) {
  return quasis.some(({ value }) => /\s/.test(value.raw));
}

function isPlain({ type, object, property }) {
  if (type === "MemberExpression") return isPlain(object) && property.type === "Identifier";
  return type === "Identifier" || type === "ThisExpression";
}
