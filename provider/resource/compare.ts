/** What differs between the arguments and the state of an object, by the rules of its definition. */
import { isDeepStrictEqual } from "node:util";
import { hasUnknown } from "../values/unknown";
import type { ArgumentRule, Changes, ResourceDefinition } from "./definition";
import { asGiven } from "./definition";

export class Comparison<Inputs extends object, State extends object> {
  readonly #rules: readonly (readonly [keyof Inputs & string, ArgumentRule])[];
  readonly #outputs: readonly string[];

  constructor({
    arguments: rules,
    outputs = [],
  }: Pick<ResourceDefinition<Inputs, State, never>, "arguments" | "outputs">) {
    this.#rules = Object.entries(rules) as [keyof Inputs & string, ArgumentRule][];
    this.#outputs = outputs;
  }

  changes(state: Partial<State>, inputs: Inputs): Changes<Inputs> {
    const changed = this.#rules.filter(([name, rule]) => {
      const input = inputs[name];
      if (input === undefined && rule.isManagedWhenAbsent !== true) return false;
      return hasUnknown(input) || !isSame(rule, valueIn(state, name), input);
    });
    const effectOf = (name: keyof Inputs, { onChange, replacesWith }: ArgumentRule) =>
      replacesWith?.(inputs[name]) === true ? "replace" : onChange;
    const named = (effect: ArgumentRule["onChange"]) =>
      changed.filter(([name, rule]) => effectOf(name, rule) === effect).map(([name]) => name);
    return { updates: named("update"), replaces: named("replace") };
  }

  /** What the program had and leaves out, where a change of another argument gives it a new value. */
  renewals(
    { updates }: Changes<Inputs>,
    inputs: Partial<Inputs>,
    news: Inputs,
  ): (keyof Inputs & string)[] {
    return this.#rules
      .filter(
        ([name, { renewedWith }]) =>
          inputs[name] !== undefined &&
          news[name] === undefined &&
          updates.some((other) => other === renewedWith),
      )
      .map(([name]) => name);
  }

  /** Whether the program leaves out an argument whose absence means none of it. */
  isCleared(name: string, inputs: Inputs): boolean {
    return this.#rules.some(
      ([argument, { isManagedWhenAbsent }]) =>
        argument === name && isManagedWhenAbsent === true && inputs[argument] === undefined,
    );
  }

  /** What the outputs have in place of arguments whose absence means none of it, where the program leaves them out. */
  cleared(inputs: Inputs): Partial<State> {
    const cleared = this.#rules.filter(([name]) => this.isCleared(name, inputs));
    return Object.fromEntries(cleared.map(([name, { unset }]) => [name, unset])) as Partial<State>;
  }

  /** The arguments as the API returns them; what is not known yet as it is. */
  returned(inputs: Partial<Inputs>): Partial<State> {
    const given = this.#rules.filter(([name]) => inputs[name] !== undefined);
    return Object.fromEntries(
      given.map(([name, { canonical = asGiven, returned = canonical }]) => {
        const input = inputs[name];
        return [name, hasUnknown(input) ? input : (returned(input) ?? input)];
      }),
    ) as Partial<State>;
  }

  /** Whether two sets of arguments mean the same; not where one is not known yet. */
  isSame(one: object, other: object): boolean {
    return this.#rules.every(([name, rule]) => {
      const values = [valueIn(one, name), valueIn(other, name)] as const;
      return !hasUnknown(values) && isSame(rule, ...values);
    });
  }

  /** A state of nothing but arguments and outputs: state of the bridged provider has others, and null. */
  complete(known: Partial<State>): State {
    const unset = this.#rules.map(([name, rule]) => [name, rule.unset] as const);
    const names = [...this.#rules.map(([name]) => name), ...this.#outputs];
    const values = names.map((name) => [name, valueIn(known, name)] as const);
    const given = [...unset, ...values].filter(
      ([, value]) => value !== undefined && value !== null,
    );
    return Object.fromEntries(given) as State;
  }

  /** The arguments that a refresh finds: in the program's own spelling where that means the same. */
  refreshedInputs(inputs: Partial<Inputs>, state: State): Inputs {
    const isManaged = Object.keys(inputs).length > 0;
    const found = this.#rules.flatMap(([name, rule]): [string, unknown][] => {
      const input = inputs[name];
      const actual = valueIn(state, name);
      if (rule.isWriteOnly === true || (input !== undefined && isSame(rule, input, actual))) {
        return input === undefined ? [] : [[name, input]];
      }
      // What the program leaves open is no argument of it; an object that is only read has all that is there.
      const isLeftOpen =
        input === undefined && (isManaged || isDeepStrictEqual(actual, rule.unset));
      return isLeftOpen || actual === undefined ? [] : [[name, actual]];
    });
    return Object.fromEntries(found) as Inputs;
  }

  /** What a change of each argument does. */
  get onChange(): Record<string, ArgumentRule["onChange"]> {
    return Object.fromEntries(this.#rules.map(([name, { onChange }]) => [name, onChange]));
  }

  /** By output, the differences that give it another value: those of arguments, and its own where it is awaited. */
  get changedBy(): Record<string, string[]> {
    const ofArguments = this.#rules.flatMap(([name, { renewedWith, changes = [] }]): string[][] => [
      ...(renewedWith === undefined ? [] : [[name, renewedWith]]),
      ...changes.map((output) => [output, name]),
    ]);
    const pairs = [...this.#outputs.map((output) => [output, output]), ...ofArguments];
    const changedBy: Record<string, string[]> = {};
    for (const [output = "", argument = ""] of pairs) {
      changedBy[output] = [...(changedBy[output] ?? []), argument];
    }
    return changedBy;
  }

  /** How to reset each argument that stays as it is when the program leaves it out. */
  get resets(): Record<string, string> {
    return Object.fromEntries(
      this.#rules.flatMap(([name, { reset }]) => (reset === undefined ? [] : [[name, reset]])),
    );
  }
}

function valueIn(values: object, name: string): unknown {
  return Reflect.get(values, name);
}

function isSame({ canonical = asGiven }: ArgumentRule, one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(canonical(one), canonical(other));
}
