import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";
import { repository } from "./documents";

/** An argument or output as the public types declare it. */
export interface Property {
  /** As a page names it: `regionSpecs[].keySpec.type`. */
  readonly path: string;
  /** In words: `list of string`. */
  readonly types: readonly string[];
  /** Properties of which one is required, when this is one of them. */
  readonly alternatives: readonly string[];
  /** More than one when plans differ. */
  readonly docstrings: readonly Docstring[];
  /** The plans that have it, where the type is a union of plans. */
  readonly plans: readonly string[];
}

interface Docstring {
  /** Without tags, on one line. */
  readonly text: string;
  readonly default: string | undefined;
  /** Whether the property is required where its parent is given. */
  readonly isRequired: boolean;
  readonly plans: readonly string[];
}

/** A function that reads, without its twin for outputs. */
export interface PublicFunction {
  readonly name: string;
  /** As a page writes them: `{ clusterId, regionName? }`. */
  readonly parameters: string;
  readonly text: string;
}

/** What the public types declare, with their docstrings. */
export class PublicTypes {
  readonly #checker: ts.TypeChecker;
  readonly #exports: ReadonlyMap<string, ts.Symbol>;

  constructor() {
    const index = join(repository, "index.ts");
    const program = ts.createProgram([index], {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node20,
      strict: true,
      skipLibCheck: true,
      types: ["node"],
    });
    this.#checker = program.getTypeChecker();
    const source = program.getSourceFile(index);
    const module = source && this.#checker.getSymbolAtLocation(source);
    assert.ok(module);
    this.#exports = new Map(
      this.#checker
        .getExportsOfModule(module)
        .map((symbol) => [symbol.name, this.#targetOf(symbol)]),
    );
  }

  /** The classes that are resources, without the explicit provider. */
  resources(): string[] {
    return [...this.#exports]
      .filter(([name, { flags }]) => flags & ts.SymbolFlags.Class && name !== "Provider")
      .map(([name]) => name)
      .sort();
  }

  /** The functions that have a twin for outputs. */
  functions(): PublicFunction[] {
    return [...this.#exports]
      .filter(([name]) => this.#exports.has(`${name}Output`))
      .map(([name, symbol]) => ({
        name,
        parameters: this.#parametersOf(symbol),
        text: this.#textOf(symbol),
      }))
      .sort((one, other) => one.name.localeCompare(other.name, "en"));
  }

  /** The docstring of an export, on one line. */
  textOf(name: string): string {
    return this.#textOf(this.#symbol(name));
  }

  /** Each argument after the object that holds it. */
  argumentsOf(name: string): Property[] {
    const properties = new Map<string, Property>();
    this.#collect(this.#declared(name), "", [], properties);
    return [...properties.values()];
  }

  /** What the class itself declares to be read, and what that is made of. */
  outputsOf(name: string): Property[] {
    const properties = new Map<string, Property>();
    for (const property of this.#declared(name).getProperties()) {
      const field = property.valueDeclaration;
      const isOutput =
        field !== undefined &&
        ts.isPropertyDeclaration(field) &&
        isOurs(field) &&
        field.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
      if (isOutput) this.#add(property, "", [], [], properties);
    }
    return [...properties.values()];
  }

  #symbol(name: string): ts.Symbol {
    const symbol = this.#exports.get(name);
    assert.ok(symbol, `${name} is exported`);
    return symbol;
  }

  #declared(name: string): ts.Type {
    return this.#checker.getDeclaredTypeOfSymbol(this.#symbol(name));
  }

  #targetOf(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #textOf(symbol: ts.Symbol): string {
    return oneLine(ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)));
  }

  #parametersOf(symbol: ts.Symbol): string {
    const declaration = symbol.valueDeclaration;
    assert.ok(declaration && ts.isFunctionDeclaration(declaration));
    const [args] = declaration.parameters;
    const names = args
      ? this.#checker
          .getTypeAtLocation(args)
          .getProperties()
          .map(({ name, flags }) => (flags & ts.SymbolFlags.Optional ? `${name}?` : name))
      : [];
    return names.length === 0 ? "" : `{ ${names.join(", ")} }`;
  }

  #collect(
    type: ts.Type,
    prefix: string,
    plans: readonly string[],
    properties: Map<string, Property>,
  ): void {
    const members = this.#members(type);
    const planOf = (member: ts.Type) => member.getProperty("plan");
    const isByPlan = members.length > 1 && members.every(planOf);
    for (const member of members) {
      for (const property of member.getProperties()) {
        const isAbsentElsewhere = members.some((other) => {
          const same = other.getProperty(property.name);
          return same !== undefined && this.#isAbsent(same);
        });
        this.#add(
          property,
          prefix,
          isByPlan ? this.#literalsOf(planOf(member)) : plans,
          isAbsentElsewhere && !isByPlan ? requiredIn(members) : [],
          properties,
        );
      }
    }
  }

  #literalsOf(plan: ts.Symbol | undefined): string[] {
    assert.ok(plan);
    const { element } = this.#plain(this.#checker.getTypeOfSymbol(plan));
    return this.#members(element).flatMap((member) =>
      member.isStringLiteral() ? [member.value] : [],
    );
  }

  #isAbsent(property: ts.Symbol): boolean {
    return (this.#checker.getTypeOfSymbol(property).flags & ts.TypeFlags.Undefined) !== 0;
  }

  #add(
    property: ts.Symbol,
    prefix: string,
    plans: readonly string[],
    alternatives: readonly string[],
    properties: Map<string, Property>,
  ): void {
    if (this.#isAbsent(property)) return;
    const { element, suffix } = this.#plain(this.#checker.getTypeOfSymbol(property));
    const path = `${prefix}${property.name}${suffix}`;
    const known = properties.get(path);
    const docstring = {
      text: this.#textOf(property),
      default: this.#defaultOf(property),
      isRequired: (property.flags & ts.SymbolFlags.Optional) === 0,
      plans,
    };
    properties.set(path, {
      path,
      types: unique([...(known?.types ?? []), ...this.#typesOf(property)]),
      alternatives,
      docstrings: merged(known?.docstrings ?? [], docstring),
      plans: unique([...(known?.plans ?? []), ...plans]),
    });
    if (this.#members(element).some((member) => this.#isObject(member))) {
      this.#collect(element, `${path}.`, plans, properties);
    }
  }

  #defaultOf(property: ts.Symbol): string | undefined {
    const tag = property.getJsDocTags(this.#checker).find(({ name }) => name === "default");
    return tag && oneLine(ts.displayPartsToString(tag.text));
  }

  /** The type of a property as a page writes it. */
  #typesOf(property: ts.Symbol): string[] {
    const declaration = property.valueDeclaration;
    const node = declaration && "type" in declaration ? (declaration.type as ts.Node) : undefined;
    const reference = /^(\w+)Reference$/.exec(node?.getText() ?? "");
    if (reference) return [`\`${reference[1]}\` or its id`];
    return this.#words(this.#checker.getTypeOfSymbol(property));
  }

  #words(type: ts.Type): string[] {
    const inner = this.#inside(type);
    if (inner) return this.#words(inner);
    const members = this.#members(type).filter(
      ({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) === 0,
    );
    const words = members.map((member) => {
      if (member.isStringLiteral()) return `\`"${member.value}"\``;
      if (member.flags & ts.TypeFlags.BooleanLike) return "boolean";
      if (this.#checker.isArrayType(member)) {
        const [item] = this.#checker.getTypeArguments(member as ts.TypeReference);
        assert.ok(item);
        return `list of ${this.#words(item).join(" or ")}`;
      }
      const [index] = this.#checker.getIndexInfosOfType(member);
      if (index && this.#isPlainObject(member))
        return `map of ${this.#words(index.type).join(" or ")}`;
      if (this.#isObject(member)) return "object";
      return this.#checker.typeToString(member);
    });
    return unique(words);
  }

  #members(type: ts.Type): ts.Type[] {
    return type.isUnion() ? type.types : [type];
  }

  /** The type without `pulumi.Input` and without the list around it. */
  #plain(type: ts.Type): { element: ts.Type; suffix: string } {
    const inner = this.#inside(type);
    if (inner) return this.#plain(inner);
    for (const member of this.#members(type)) {
      if (this.#checker.isArrayType(member)) {
        const [item] = this.#checker.getTypeArguments(member as ts.TypeReference);
        assert.ok(item);
        const { element } = this.#plain(item);
        const isOfObjects = this.#members(element).some((one) => this.#isObject(one));
        return { element, suffix: isOfObjects ? "[]" : "" };
      }
    }
    return { element: type, suffix: "" };
  }

  /** What is inside an output, of which an input is one member. */
  #inside(type: ts.Type): ts.Type | undefined {
    for (const member of this.#members(type)) {
      const name = member.aliasSymbol?.name ?? member.symbol?.name;
      if (name === "Output" || name === "OutputInstance") {
        const [inner] =
          member.aliasTypeArguments ?? this.#checker.getTypeArguments(member as ts.TypeReference);
        return inner;
      }
    }
    return undefined;
  }

  /** An object with named members; a map is a value. */
  #isObject(type: ts.Type): boolean {
    return (
      this.#isPlainObject(type) &&
      type.getProperties().length > 0 &&
      this.#checker.getIndexInfosOfType(type).length === 0
    );
  }

  #isPlainObject(type: ts.Type): boolean {
    return (
      (type.flags & ts.TypeFlags.Object) !== 0 && Boolean(type.symbol?.declarations?.some(isOurs))
    );
  }
}

function requiredIn(members: readonly ts.Type[]): string[] {
  const names = members.flatMap((member) =>
    member
      .getProperties()
      .filter(({ flags }) => (flags & ts.SymbolFlags.Optional) === 0)
      .map(({ name }) => name),
  );
  return unique(names);
}

/** One docstring for all plans that have the same text. */
function merged(known: readonly Docstring[], added: Docstring): Docstring[] {
  const same = known.find(
    (docstring) =>
      docstring.text === added.text &&
      docstring.default === added.default &&
      docstring.isRequired === added.isRequired,
  );
  if (same === undefined) return [...known, added];
  const plans = unique([...same.plans, ...added.plans]);
  return known.map((docstring) => (docstring === same ? { ...same, plans } : docstring));
}

function unique<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function isOurs(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.startsWith(join(repository, "provider"));
}
