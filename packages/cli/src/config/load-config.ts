import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { AgentwerkError, toErrorMessage } from "@agentwerk/core";
import { spareStdout } from "../cli/spare-stdout.ts";
import type { AgentwerkConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { configSchema, fieldsAt } from "./config-schema.ts";
import { byImportance, describeIssue } from "./describe-issues.ts";
import { codeOf, importModule } from "./import-module.ts";

/**
 * Loads and checks a configuration.
 * @throws ConfigError naming the file, and the field by its path.
 */
export async function loadConfig(path: string): Promise<AgentwerkConfig> {
  const name = relative(process.cwd(), path) || path;
  if (path.endsWith(".json")) return checkConfig(await readJson(path, name), name);
  if (/\.[mc]?[jt]s$/.test(path)) return checkConfig(await readModule(path, name), name);
  throw new ConfigError(
    `${name} is no configuration that can be read; write it in a file that ends in .ts, .js or .json.`,
  );
}

/** @throws ConfigError */
export function checkConfig(value: unknown, name: string): AgentwerkConfig {
  const parsed = configSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [first, ...others] = byImportance(parsed.error.issues);
  if (first === undefined) throw new ConfigError(`${name} does not fit.`);
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  throw new ConfigError(`${name}: ${describeIssue(first, fieldsAt)}${more}`);
}

async function readJson(path: string, name: string): Promise<unknown> {
  const text = await readFile(path, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`${name} is not JSON: ${toErrorMessage(cause)}`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  // Editors look for it.
  const { $schema: _schema, ...config } = { $schema: undefined, ...value };
  return config;
}

async function readModule(path: string, name: string): Promise<unknown> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await spareStdout(() => untilIdle(importModule(path)));
  } catch (cause) {
    throw explainImport(cause, name);
  }
  if (exported.default !== undefined) return exported.default;
  throw new ConfigError(`${name} exports nothing as default; write: export default defineConfig({ … })`);
}

/** A module may wait for what never comes: then nothing is left to do, and Node would end the program in its own words. */
async function untilIdle<Result>(loading: Promise<Result>): Promise<Result> {
  const { promise: idle, reject } = Promise.withResolvers<never>();
  const onIdle = (): void => reject(new Error("It waits for something that never comes."));
  process.once("beforeExit", onIdle);
  try {
    return await Promise.race([loading, idle]);
  } finally {
    process.off("beforeExit", onIdle);
  }
}

function explainImport(cause: unknown, name: string): Error {
  if (AgentwerkError.isInstance(cause)) return new ConfigError(`${name}: ${cause.message}`, { cause });
  const absent = codeOf(cause) === "ERR_MODULE_NOT_FOUND" ? toErrorMessage(cause) : undefined;
  const packageName = absent === undefined ? undefined : /Cannot find package '([^']+)'/.exec(absent)?.[1];
  if (packageName !== undefined) {
    return new ConfigError(
      `${name} imports ${packageName}, which is not installed: npm install ${packageName}`,
      {
        cause,
      },
    );
  }
  return new ConfigError(
    `${name} could not be loaded: ${toErrorMessage(cause)}${placeOfSyntaxError(cause, name)}`,
    { cause },
  );
}

/** Where it is, which Node does not say in the message; of JavaScript it says it nowhere that a program could read. */
function placeOfSyntaxError(cause: unknown, name: string): string {
  if (!(cause instanceof SyntaxError)) return "";
  const [, file, line] = /^(?:file:\/\/)?(\/.+|[A-Z]:.+):(\d+)\n/.exec(cause.stack ?? "") ?? [];
  if (file !== undefined) return `, at ${relative(process.cwd(), file) || file}:${line}`;
  return /\.m?js$/.test(name) ? `; node --check ${name} shows where` : "";
}
