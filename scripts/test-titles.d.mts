export function titleProblems(titles: readonly string[]): string[];
