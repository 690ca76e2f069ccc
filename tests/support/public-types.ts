import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";
import { repository } from "./documents";

/** What the public types declare, as a page writes it: `regionSpecs[].keySpec.type`. */
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
      this.#checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]),
    );
  }

  /** The classes that are resources, without the explicit provider. */
  resources(): string[] {
    return [...this.#exports]
      .filter(
        ([name, symbol]) =>
          this.#targetOf(symbol).flags & ts.SymbolFlags.Class && name !== "Provider",
      )
      .map(([name]) => name)
      .sort();
  }

  /** By path, whether the argument is required where it is one at all. */
  argumentsOf(name: string): Map<string, boolean> {
    const paths = new Map<string, boolean>();
    this.#collect(this.#declared(name), "", true, paths);
    return paths;
  }

  /** By path, what the class itself declares to be read. */
  outputsOf(name: string): Map<string, boolean> {
    const paths = new Map<string, boolean>();
    for (const property of this.#declared(name).getProperties()) {
      const field = property.valueDeclaration;
      const isOutput =
        field !== undefined &&
        ts.isPropertyDeclaration(field) &&
        isOurs(field) &&
        field.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
      if (isOutput) this.#add(property, "", true, paths);
    }
    return paths;
  }

  /** Paths of arguments and outputs that no docstring explains. */
  undocumented(name: string): string[] {
    const missing: string[] = [];
    const look = (type: ts.Type, prefix: string): void => {
      for (const property of this.#members(type).flatMap((member) => member.getProperties())) {
        const declared = this.#checker.getTypeOfSymbol(property);
        const declaration = property.valueDeclaration ?? property.declarations?.[0];
        if ((declared.flags & ts.TypeFlags.Undefined) !== 0) continue;
        if (declaration === undefined || !isOurs(declaration)) continue;
        if (property.name.startsWith("__") || ts.isMethodDeclaration(declaration)) continue;
        const path = `${prefix}${property.name}`;
        if (property.getDocumentationComment(this.#checker).length === 0) missing.push(path);
        const { element } = this.#plain(declared);
        for (const object of this.#members(element).filter((member) => this.#isObject(member)))
          look(object, `${path}.`);
      }
    };
    look(this.#declared(name), `${name}.`);
    return [...new Set(missing)];
  }

  #declared(name: string): ts.Type {
    const symbol = this.#exports.get(name);
    assert.ok(symbol, `${name} is exported`);
    return this.#checker.getDeclaredTypeOfSymbol(this.#targetOf(symbol));
  }

  #targetOf(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #collect(type: ts.Type, prefix: string, isNeeded: boolean, paths: Map<string, boolean>): void {
    for (const member of this.#members(type)) {
      for (const property of member.getProperties()) this.#add(property, prefix, isNeeded, paths);
    }
  }

  #add(property: ts.Symbol, prefix: string, isNeeded: boolean, paths: Map<string, boolean>): void {
    const declared = this.#checker.getTypeOfSymbol(property);
    if ((declared.flags & ts.TypeFlags.Undefined) !== 0) return;
    const isRequired = isNeeded && (property.flags & ts.SymbolFlags.Optional) === 0;
    const { element, suffix } = this.#plain(declared);
    const path = `${prefix}${property.name}${suffix}`;
    const objects = this.#members(element).filter((member) => this.#isObject(member));
    if (objects.length === 0) paths.set(path, (paths.get(path) ?? false) || isRequired);
    for (const object of objects) this.#collect(object, `${path}.`, isRequired, paths);
  }

  #members(type: ts.Type): ts.Type[] {
    return type.isUnion() ? type.types : [type];
  }

  /** The type without `pulumi.Input` and without the list around it. */
  #plain(type: ts.Type): { element: ts.Type; suffix: string } {
    for (const member of this.#members(type)) {
      const inner = this.#argumentOf(member);
      if (inner) return this.#plain(inner);
    }
    for (const member of this.#members(type)) {
      if (this.#checker.isArrayType(member)) {
        const [item] = this.#checker.getTypeArguments(member as ts.TypeReference);
        assert.ok(item);
        const { element } = this.#plain(item);
        const isOfObjects = this.#members(element).some((inner) => this.#isObject(inner));
        return { element, suffix: isOfObjects ? "[]" : "" };
      }
    }
    return { element: type, suffix: "" };
  }

  /** What is inside an output, of which an input is one member. */
  #argumentOf(type: ts.Type): ts.Type | undefined {
    const name = type.aliasSymbol?.name ?? type.symbol?.name;
    if (name !== "Output" && name !== "OutputInstance") return undefined;
    return (type.aliasTypeArguments ?? this.#checker.getTypeArguments(type as ts.TypeReference))[0];
  }

  /** An object with named members; a map is a value. */
  #isObject(type: ts.Type): boolean {
    return (
      (type.flags & ts.TypeFlags.Object) !== 0 &&
      Boolean(type.symbol?.declarations?.some(isOurs)) &&
      type.getProperties().length > 0 &&
      this.#checker.getIndexInfosOfType(type).length === 0
    );
  }
}

function isOurs(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.startsWith(join(repository, "provider"));
}
