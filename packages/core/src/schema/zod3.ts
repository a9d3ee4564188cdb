import { createRequire } from "node:module";
import { AgentwerkError } from "../errors/agentwerk-error.ts";

/** Zod 3 marks its schemas by `_def.typeName`; Zod 4 does not. */
export function isZod3Schema(value: object): boolean {
  const definition: unknown = "_def" in value ? value._def : undefined;
  return (
    typeof definition === "object" && definition !== null && "typeName" in definition && !("_zod" in value)
  );
}

/** @throws AgentwerkError `missing_dependency` when zod-to-json-schema is not installed. */
export function zod3ToJsonSchema(schema: object): Record<string, unknown> {
  const { zodToJsonSchema } = load();
  // Without references each place is spelt out: models read that better, and no `#/` path can clash with a wrapping schema.
  return zodToJsonSchema(schema, { $refStrategy: "none", target: "jsonSchema2019-09" });
}

interface Converter {
  zodToJsonSchema(schema: object, options: Record<string, unknown>): Record<string, unknown>;
}

function load(): Converter {
  try {
    // An optional peer: required on first use, and only by users of Zod 3.
    return createRequire(import.meta.url)("zod-to-json-schema") as Converter;
  } catch (cause) {
    throw new AgentwerkError({
      code: "missing_dependency",
      message:
        "A Zod 3 schema needs the package zod-to-json-schema: npm install zod-to-json-schema. Zod 4.2 needs nothing.",
      cause,
    });
  }
}
