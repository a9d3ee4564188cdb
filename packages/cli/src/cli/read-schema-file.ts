import { isJsonObject, type JsonSchema } from "@agentwerk/core";
import { readJsonFile } from "./parse-values.ts";
import { UsageError } from "./usage-error.ts";

/** @throws UsageError for a file that holds no JSON Schema; whether it is a good one, the core says. */
export async function readSchemaFile(path: string): Promise<JsonSchema> {
  const value = await readJsonFile(path, "--schema");
  if (isJsonObject(value)) return value;
  throw new UsageError(`--schema ${path} holds no JSON Schema: an object is expected.`);
}
