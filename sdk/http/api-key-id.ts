/** The id of an API key is the first two parts of its secret, `CCDB1_<id>_<secret>`; undefined where the text has another form. */
export function apiKeyIdOf(secret: string): string | undefined {
  return /^(CCDB\d+_[A-Za-z0-9]+)_[A-Za-z0-9]+$/.exec(secret.trim())?.[1];
}
