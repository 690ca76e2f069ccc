// The environment that tests and the demo give to the Pulumi engine: nothing of the user's own set-up gets in.
import { delimiter } from "node:path";

/**
 * The variables for a run of the engine on a throw-away home and state folder.
 * The user's PULUMI_* and COCKROACH_* variables stay out; `extra` comes last.
 */
export function engineEnvironment({ home, state = home, binDir, extra = {}, base = process.env }) {
  const environment = withoutUserSettings(base);
  if (binDir) environment.PATH = `${binDir}${delimiter}${environment.PATH ?? ""}`;
  return {
    ...environment,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "throw-away",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    PULUMI_SKIP_CONFIRMATIONS: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "1",
    NO_COLOR: "1",
    CI: "true",
    ...extra,
  };
}

/**
 * For processes that open no TLS connection. Node.js reads further root certificates at its start, which takes twice as long
 * as the rest of it.
 */
export const withoutCertificates = { NODE_EXTRA_CA_CERTS: "" };

/** The lines that give another shell the engine in `binDir` and these variables of an environment. */
export function exportLines({ binDir, environment, names }) {
  const variables = names.map((name) => `export ${name}='${environment[name]}'`);
  return [`export PATH='${binDir}':"$PATH"`, ...variables];
}

/** A copy without the variables that would point the engine or the provider at the user's own accounts. */
export function withoutUserSettings(base = process.env) {
  return Object.fromEntries(
    Object.entries(base).filter(([name]) => !/^(PULUMI|COCKROACH)_/.test(name)),
  );
}

/**
 * A copy without what `npm run` adds, which would point a package manager in another folder at this project.
 * The user's own npm settings stay.
 */
export function withoutNpmRun(base = process.env) {
  const added =
    /^(npm_package_|npm_lifecycle_|npm_command$|npm_config_(local_prefix|prefix|global_prefix)$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(base).filter(([name]) => !added.test(name)));
}
