import { readFile } from "node:fs/promises";
import { isJsonObject, type JsonSchema, toErrorMessage } from "@agentwerk/core";
import { UsageError } from "./usage-error.ts";

/** @throws UsageError for a file that holds no JSON Schema; whether it is a good one, the core says. */
export async function readSchemaFile(path: string): Promise<JsonSchema> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new UsageError(`--schema ${path} cannot be read as JSON: ${toErrorMessage(cause)}`, { cause });
  }
  if (isJsonObject(value)) return value;
  throw new UsageError(`--schema ${path} holds no JSON Schema: an object is expected.`);
}
