/** What the public types of the package declare, as trees with their docstrings. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import ts from "typescript";

/** A type, without `pulumi.Input`, `pulumi.Output`, `undefined` and the resource that stands for an id. */
export type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "any" }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "list" | "map"; readonly item: Shape }
  | { readonly kind: "union"; readonly members: readonly Shape[] }
  | ObjectShape;

export interface ObjectShape {
  readonly kind: "object";
  /** The name of the interface; absent for a type literal. */
  readonly name?: string;
  readonly text: string;
  readonly members: readonly Member[];
}

/** A member of an object. */
export interface Member {
  readonly name: string;
  /** More than one where plans differ. */
  readonly docstrings: readonly Docstring[];
  /** Text of the tag `@deprecated`. */
  readonly deprecated?: string;
  readonly isOptional: boolean;
  readonly shape: Shape;
}

export interface Docstring {
  /** Without its tags, each paragraph on one line. */
  readonly text: string;
  /** Text of the tag `@default`. */
  readonly default?: string;
  /** The plans of clusters that it is about; empty for all. */
  readonly plans: readonly string[];
}

/** A function that reads, without its twin for outputs. */
export interface FunctionDeclaration {
  readonly name: string;
  readonly text: string;
  /** Undefined where it takes no arguments. */
  readonly inputs: ObjectShape | undefined;
  readonly result: Shape;
  /** It returns `undefined` where there is nothing. */
  readonly mayBeAbsent: boolean;
}

export class Declarations {
  readonly #checker: ts.TypeChecker;
  readonly #program: ts.Program;
  readonly #folder: string;
  readonly #exports: ReadonlyMap<string, ts.Symbol>;
  readonly #enumNames: ReadonlyMap<string, string>;

  /**
   * @param index the module whose exports are the public types
   * @param others further modules to read interfaces of
   */
  constructor(index: string, others: readonly string[] = []) {
    this.#folder = dirname(index);
    this.#program = ts.createProgram([index, ...others], {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node20,
      strict: true,
      skipLibCheck: true,
      types: ["node"],
    });
    this.#checker = this.#program.getTypeChecker();
    this.#exports = this.#exportsOf(index);
    this.#enumNames = new Map(
      [...this.#exports].flatMap(([name, symbol]) => {
        if ((symbol.flags & ts.SymbolFlags.TypeAlias) === 0) return [];
        const values = literalsOf(this.#checker.getDeclaredTypeOfSymbol(symbol));
        return values === undefined ? [] : [[enumKey(values), name] as const];
      }),
    );
  }

  /** The docstring of an export. */
  textOf(name: string): string {
    return this.#textOf(this.#symbol(name));
  }

  /** The export that is a choice of just these texts. */
  enumName(values: readonly string[]): string | undefined {
    return this.#enumNames.get(enumKey(values));
  }

  /** An exported interface, or a union of some. */
  object(name: string): ObjectShape {
    return asObject(name, this.#shapeOf(this.#checker.getDeclaredTypeOfSymbol(this.#symbol(name))));
  }

  /** An exported interface of a module that is not the index. */
  objectIn(module: string, name: string): ObjectShape {
    const symbol = this.#exportsOf(module).get(name);
    assert.ok(symbol, `${module} exports ${name}.`);
    return asObject(name, this.#shapeOf(this.#checker.getDeclaredTypeOfSymbol(symbol)));
  }

  /** What the class of a resource declares to be read. */
  outputsOf(name: string): readonly Member[] {
    return this.#checker
      .getDeclaredTypeOfSymbol(this.#symbol(name))
      .getProperties()
      .filter(({ valueDeclaration: field }) => {
        if (field === undefined || !ts.isPropertyDeclaration(field)) return false;
        const isDeclared = field.modifiers?.some(
          ({ kind }) => kind === ts.SyntaxKind.DeclareKeyword,
        );
        return isDeclared && this.#isOurs(field);
      })
      .map((property) => this.#memberOf(property));
  }

  /** The functions that have a twin for outputs, by name. */
  functions(): readonly FunctionDeclaration[] {
    return [...this.#exports]
      .filter(([name]) => this.#exports.has(`${name}Output`))
      .map(([name, symbol]) => this.#functionOf(name, symbol))
      .sort((one, other) => one.name.localeCompare(other.name, "en"));
  }

  #functionOf(name: string, symbol: ts.Symbol): FunctionDeclaration {
    const declaration = symbol.valueDeclaration;
    assert.ok(declaration && ts.isFunctionDeclaration(declaration));
    const [first] = declaration.parameters;
    const given = first && this.#checker.getTypeAtLocation(first);
    const signature = this.#checker.getSignatureFromDeclaration(declaration);
    const promised =
      signature && this.#checker.getAwaitedType(this.#checker.getReturnTypeOfSignature(signature));
    assert.ok(promised, name);
    return {
      name,
      text: this.#textOf(symbol),
      inputs: given && this.#inputsOf(given),
      result: this.#shapeOf(promised),
      mayBeAbsent: membersOf(promised).some(isUndefined),
    };
  }

  /** `Record<string, never>` stands for no arguments. */
  #inputsOf(type: ts.Type): ObjectShape | undefined {
    if (this.#checker.getIndexInfosOfType(type).length > 0) return undefined;
    return asObject("The first parameter of a function", this.#shapeOf(type));
  }

  #exportsOf(module: string): ReadonlyMap<string, ts.Symbol> {
    const source = this.#program.getSourceFile(module);
    const symbol = source && this.#checker.getSymbolAtLocation(source);
    assert.ok(symbol, `${module} is a module of the program.`);
    return new Map(
      this.#checker
        .getExportsOfModule(symbol)
        .map((one) => [
          one.name,
          one.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(one) : one,
        ]),
    );
  }

  #symbol(name: string): ts.Symbol {
    const symbol = this.#exports.get(name);
    assert.ok(symbol, `${name} is exported.`);
    return symbol;
  }

  #textOf(symbol: ts.Symbol): string {
    return paragraphs(ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)));
  }

  #tagOf(symbol: ts.Symbol, tag: string): string | undefined {
    const found = symbol.getJsDocTags(this.#checker).find(({ name }) => name === tag);
    return found && paragraphs(ts.displayPartsToString(found.text));
  }

  #memberOf(property: ts.Symbol, plans: readonly string[] = []): Member {
    const type = this.#checker.getTypeOfSymbol(property);
    const plain = this.#inside(type) ?? type;
    const [byDefault, deprecated] = ["default", "deprecated"].map((tag) =>
      this.#tagOf(property, tag),
    );
    return {
      name: property.name,
      docstrings: [
        {
          text: this.#textOf(property),
          ...(byDefault === undefined ? {} : { default: byDefault }),
          plans,
        },
      ],
      ...(deprecated === undefined ? {} : { deprecated }),
      isOptional:
        (property.flags & ts.SymbolFlags.Optional) !== 0 || membersOf(plain).some(isUndefined),
      shape: this.#shapeOf(plain, plans),
    };
  }

  #shapeOf(type: ts.Type, plans: readonly string[] = []): Shape {
    const inner = this.#inside(type);
    if (inner) return this.#shapeOf(inner, plans);
    const values = literalsOf(type);
    if (values !== undefined) return { kind: "enum", values };
    return oneOf(
      membersOf(type)
        .filter((member) => !isUndefined(member) && !this.#isForProgramsOnly(member))
        .map((member) => this.#shapeOfMember(member, this.#planOf(member) ?? plans)),
    );
  }

  /** The plan that the arguments of a cluster are for. */
  #planOf(type: ts.Type): readonly string[] | undefined {
    const plan = type.getProperty("plan");
    const values = plan && literalsOf(this.#inside(this.#checker.getTypeOfSymbol(plan)) ?? type);
    return values?.length === 1 ? values : undefined;
  }

  #shapeOfMember(type: ts.Type, plans: readonly string[]): Shape {
    if (type.flags & ts.TypeFlags.StringLike) return { kind: "string" };
    if (type.flags & ts.TypeFlags.NumberLike) return { kind: "number" };
    if (type.flags & ts.TypeFlags.BooleanLike) return { kind: "boolean" };
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return { kind: "any" };
    if (this.#checker.isArrayType(type)) {
      const [item] = this.#checker.getTypeArguments(type as ts.TypeReference);
      assert.ok(item);
      return { kind: "list", item: this.#shapeOf(item, plans) };
    }
    const [index] = this.#checker.getIndexInfosOfType(type);
    if (index) return { kind: "map", item: this.#shapeOf(index.type, plans) };
    const { symbol } = type;
    return {
      kind: "object",
      ...(symbol.name === "__type" ? {} : { name: symbol.name }),
      text: this.#textOf(symbol),
      members: type
        .getProperties()
        .filter((property) => !isUndefined(this.#checker.getTypeOfSymbol(property)))
        .map((property) => this.#memberOf(property, plans)),
    };
  }

  /** Other languages write the id of a resource, and a time as a text. */
  #isForProgramsOnly({ symbol }: ts.Type): boolean {
    return ["CustomResource", "Date"].includes(symbol?.name);
  }

  /** What is inside an output, of which an input is one member. */
  #inside(type: ts.Type): ts.Type | undefined {
    for (const member of membersOf(type)) {
      const name = member.aliasSymbol?.name ?? member.symbol?.name;
      if (name === "Output" || name === "OutputInstance") {
        const [inner] =
          member.aliasTypeArguments ?? this.#checker.getTypeArguments(member as ts.TypeReference);
        return inner;
      }
    }
    return undefined;
  }

  #isOurs(declaration: ts.Declaration): boolean {
    const { fileName } = declaration.getSourceFile();
    return fileName.startsWith(this.#folder) && !fileName.includes("node_modules");
  }
}

function asObject(name: string, shape: Shape): ObjectShape {
  assert.ok(shape.kind === "object", `${name} is an object.`);
  return shape;
}

/** One object that has the members of all: what one of them lacks is optional. */
function joined(objects: readonly ObjectShape[]): ObjectShape {
  const names = [...new Set(objects.flatMap(({ members }) => members.map(({ name }) => name)))];
  return {
    kind: "object",
    text: "",
    members: names.map((name) => {
      const same = objects.flatMap(({ members }) =>
        members.filter((member) => member.name === name),
      );
      const [first] = same;
      assert.ok(first);
      return {
        ...first,
        docstrings: merged(same.flatMap(({ docstrings }) => docstrings)),
        isOptional: same.length < objects.length || same.some(({ isOptional }) => isOptional),
        shape: oneOf(same.map(({ shape }) => shape)),
      };
    }),
  };
}

/** One docstring for all plans that have the same. */
function merged(docstrings: readonly Docstring[]): Docstring[] {
  const bySaying = new Map<string, Docstring>();
  for (const docstring of docstrings) {
    const key = JSON.stringify([docstring.text, docstring.default]);
    const plans = new Set([...(bySaying.get(key)?.plans ?? []), ...docstring.plans]);
    bySaying.set(key, { ...docstring, plans: [...plans] });
  }
  return [...bySaying.values()];
}

function oneOf(all: readonly Shape[]): Shape {
  const shapes = [...new Map(all.map((shape) => [JSON.stringify(shape), shape])).values()];
  const [only] = shapes;
  assert.ok(only, "A type has a shape.");
  if (shapes.length === 1) return only;
  const objects = shapes.filter((shape) => shape.kind === "object");
  if (objects.length === shapes.length) return joined(objects);
  const values = shapes.flatMap((shape) => (shape.kind === "enum" ? shape.values : []));
  return shapes.every(({ kind }) => kind === "enum")
    ? { kind: "enum", values: [...new Set(values)] }
    : { kind: "union", members: shapes };
}

/** The texts of a type that is a choice of some; undefined for any other type. */
function literalsOf(type: ts.Type): readonly string[] | undefined {
  const members = membersOf(type).filter((member) => !isUndefined(member));
  const values = members.flatMap((member) => (member.isStringLiteral() ? [member.value] : []));
  return values.length > 0 && values.length === members.length ? values : undefined;
}

function enumKey(values: readonly string[]): string {
  return JSON.stringify([...values].sort());
}

function membersOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

function isUndefined({ flags }: ts.Type): boolean {
  return (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0;
}

/** Each paragraph on one line. */
function paragraphs(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
    .join("\n\n");
}
