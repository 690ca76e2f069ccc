/** Packs dist/ as it is. Returns the tarball. */
export function releasePlugin(destination: string, options?: { isScript?: boolean }): string;
