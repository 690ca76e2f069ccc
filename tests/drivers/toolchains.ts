// Drivers of other languages in a throw-away folder, where the machine has what it takes to run them.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const pythonPackages = [
  "psycopg[binary]==3.3.9",
  "psycopg2-binary==2.9.13",
  "asyncpg==0.32.0",
  "pg8000==1.31.6",
  "sqlalchemy==2.0.58",
  "sqlalchemy-cockroachdb==2.0.4",
  "django==5.2.19",
  "django-cockroachdb==5.2.2",
  "dj-database-url==3.1.2",
  "django-environ==0.14.0",
  "peewee==4.5.3",
  "alembic==1.20.1",
  "yoyo-migrations==9.0.0",
  "piccolo==1.38.0",
  "pony==0.7.20",
];

const goModule = `module connect

go 1.25.0

require (
	github.com/jackc/pgx/v5 v5.13.0
	github.com/lib/pq v1.12.3
)
`;

const nodePackages = [
  "pg@8.23.1",
  "knex@3.3.0",
  "drizzle-orm@0.45.4",
  "kysely@0.28.19",
  "@prisma/adapter-pg@7.10.1",
  "pg-promise@12.7.1",
  "slonik@47.3.2",
  "zod@3.25.76",
  "@mikro-orm/core@7.2.5",
  "@mikro-orm/postgresql@7.2.5",
  "dbmate@2.36.0",
  "node-pg-migrate@9.0.0",
  "db-migrate@0.11.14",
  "db-migrate-cockroachdb@5.3.6",
  "db-migrate-pg@1.5.2",
  "sequelize@6.37.8",
  "sequelize-cli@6.6.5",
  "umzug@3.8.3",
  "graphile-worker@0.17.3",
  "pg-boss@10.4.2",
  "keyv@5.6.0",
  "@keyv/postgres@2.2.3",
  "connect-pg-simple@10.0.0",
  "express-session@1.19.0",
];

const javaPackages = [
  "org.postgresql:postgresql:42.7.14",
  "com.zaxxer:HikariCP:7.1.0",
  "org.flywaydb:flyway-core:13.12.1",
  "org.flywaydb:flyway-database-postgresql:13.12.1",
  "org.liquibase:liquibase-core:4.31.1",
  "org.slf4j:slf4j-nop:2.0.17",
];

/** A command and its arguments. */
export type Command = [string, ...string[]];

/** Whether the machine can run a program. */
export function has(program: string, ...probe: string[]): boolean {
  return spawnSync(program, probe).status === 0;
}

/** Installs the drivers for Python. */
export function preparePython(folder: string): Command {
  const environment = join(folder, "python");
  run(folder, "python3", "-m", "venv", environment);
  const python = join(environment, "bin", "python");
  run(folder, python, "-m", "pip", "install", "--quiet", ...pythonPackages);
  return [python, join(__dirname, "connect.py")];
}

/** Installs what stands on the drivers for Node.js. */
export function prepareNode(folder: string): Command {
  const project = join(folder, "node");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), "{}");
  copyFileSync(join(__dirname, "connect.mjs"), join(project, "connect.mjs"));
  // They ask for different versions of what all of them can share.
  const options = ["--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"];
  run(project, "npm", "install", ...options, ...nodePackages);
  return [process.execPath, join(project, "connect.mjs")];
}

/** Builds the program for Go. */
export function prepareGo(folder: string): Command {
  const project = join(folder, "go");
  mkdirSync(project);
  copyFileSync(join(__dirname, "connect.go"), join(project, "connect.go"));
  writeFileSync(join(project, "go.mod"), goModule);
  run(project, "go", "mod", "tidy");
  run(project, "go", "build", "-o", "connect", ".");
  return [join(project, "connect")];
}

/** Fetches the driver and the tools for Java. */
export function prepareJava(folder: string): Command {
  const project = join(folder, "java");
  mkdirSync(project);
  const dependencies = javaPackages.map((name) => {
    const [group, artifact, version] = name.split(":");
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  const coordinates =
    "<modelVersion>4.0.0</modelVersion><groupId>connect</groupId><artifactId>connect</artifactId><version>1</version>";
  writeFileSync(
    join(project, "pom.xml"),
    `<project>${coordinates}<dependencies>${dependencies.join("")}</dependencies></project>`,
  );
  run(project, "mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib");
  const libraries = join(project, "lib", "*");
  run(project, "javac", "-cp", libraries, "-d", ".", join(__dirname, "Connect.java"));
  return ["java", "-cp", [project, libraries].join(delimiter)];
}

/** A store of Java that trusts one certificate. */
export function javaStore(folder: string, name: string, certificate: string): string {
  const store = join(folder, `${name}.p12`);
  const options = ["-noprompt", "-storetype", "PKCS12", "-storepass", "throw-away"];
  run(folder, "keytool", "-importcert", ...options, "-keystore", store, "-file", certificate);
  return store;
}

function run(folder: string, program: string, ...programArguments: string[]): void {
  const { status, error, stdout, stderr } = spawnSync(program, programArguments, {
    cwd: folder,
    encoding: "utf8",
  });
  if (error !== undefined || status !== 0) {
    throw new Error(`${program} ended with ${status}: ${error?.message ?? `${stdout}${stderr}`}`);
  }
}
