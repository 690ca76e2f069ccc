export interface Package {
  readonly tarball: string;
  /** Paths in the tarball. */
  readonly files: string[];
}

export function pack(destination: string): Promise<Package>;
