export function buildIfChanged(): boolean;
export function build(compilerArguments?: readonly string[]): void;
