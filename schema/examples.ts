/** The example of a resource's page, which is in TypeScript, as a program in YAML. */
import assert from "node:assert/strict";
import ts from "typescript";
import { stringify } from "yaml";
import { pluginPackage } from "../provider/resource/resource-types";
import { weekly } from "../provider/values/weekly";

interface YamlResource {
  readonly type: string;
  /** Where it is not the key. */
  readonly name?: string;
  readonly properties: unknown;
  readonly options?: unknown;
}

export interface YamlProgram {
  /** Values that the example does not say. */
  readonly config?: Readonly<Record<string, { readonly type: "string"; readonly secret?: true }>>;
  readonly resources: Readonly<Record<string, YamlResource>>;
}

/** @param code declares resources; whatever else it does is left out */
export function yamlProgramOf(code: string): YamlProgram {
  return new Translation().programOf(code);
}

/** The section of a resource's description that has the example. */
export function exampleSection(code: string): string {
  // The forms of YAML 1.1 are quoted too: Pulumi would take a time for something else than a text.
  const program = stringify(yamlProgramOf(code), { version: "1.1", lineWidth: 0 });
  return `## Example Usage\n\n\`\`\`yaml\n${program}\`\`\``;
}

class Translation {
  readonly #config = new Map<string, { type: "string"; secret?: true }>();
  readonly #keys = new Set<string>();

  programOf(code: string): YamlProgram {
    const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ES2022, true);
    const resources = source.statements.flatMap((statement) => this.#resourcesOf(statement));
    return {
      ...(this.#config.size === 0 ? {} : { config: Object.fromEntries(this.#config) }),
      resources: Object.fromEntries(resources),
    };
  }

  #resourcesOf(statement: ts.Statement): [string, YamlResource][] {
    if (ts.isExpressionStatement(statement)) return this.#resourceOf(statement.expression);
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      initializer === undefined ? [] : this.#resourceOf(initializer, name.getText()),
    );
  }

  #resourceOf(expression: ts.Expression, variable?: string): [string, YamlResource][] {
    if (!ts.isNewExpression(expression)) return [];
    const [, type] = /^cockroachdb[.](\w+)$/.exec(expression.expression.getText()) ?? [];
    if (type === undefined) return [];
    const [name, args, options] = expression.arguments ?? [];
    assert.ok(name && args && ts.isStringLiteral(name), expression.getText());
    const key = variable ?? name.text;
    this.#keys.add(key);
    const resource = {
      type: `${pluginPackage}:${type}`,
      ...(key === name.text ? {} : { name: name.text }),
      properties: this.#valueOf(args),
      ...(options === undefined ? {} : { options: this.#valueOf(options) }),
    };
    return [[key, resource]];
  }

  #valueOf(node: ts.Expression): unknown {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
    if (ts.isNumericLiteral(node)) return Number(node.text);
    if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
    if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
    if (ts.isArrayLiteralExpression(node)) return node.elements.map((one) => this.#valueOf(one));
    if (ts.isObjectLiteralExpression(node)) {
      return Object.fromEntries(node.properties.map((property) => this.#memberOf(property)));
    }
    if (ts.isIdentifier(node)) return this.#idOf(node.text);
    if (ts.isPropertyAccessExpression(node)) return `\${${node.getText()}}`;
    assert.ok(ts.isCallExpression(node), `An example in YAML cannot have ${node.getText()}.`);
    return this.#resultOf(node);
  }

  #memberOf(property: ts.ObjectLiteralElementLike): [string, unknown] {
    assert.ok(property.name, property.getText());
    const name = ts.isStringLiteral(property.name) ? property.name.text : property.name.getText();
    // `{ password }`: a value that the example does not say.
    if (ts.isShorthandPropertyAssignment(property)) {
      return [name, this.#configured(name, name === "password")];
    }
    assert.ok(ts.isPropertyAssignment(property), property.getText());
    return [name, this.#valueOf(property.initializer)];
  }

  /** A resource stands for its id; one from elsewhere is configured. */
  #idOf(variable: string): string {
    return this.#keys.has(variable) ? `\${${variable}.id}` : this.#configured(`${variable}Id`);
  }

  #resultOf({ expression, arguments: [argument] }: ts.CallExpression): unknown {
    const called = expression.getText();
    const value = argument && this.#valueOf(argument);
    if (called === "cockroachdb.weekly") return weekly(value as Parameters<typeof weekly>[0]);
    const isSecret = called === "config.requireSecret";
    assert.ok(isSecret || called === "config.require", `An example in YAML cannot have ${called}.`);
    return this.#configured(String(value), isSecret);
  }

  #configured(name: string, isSecret = false): string {
    this.#config.set(name, { type: "string", ...(isSecret ? { secret: true } : {}) });
    return `\${${name}}`;
  }
}
