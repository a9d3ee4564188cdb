import type { JsonObject, JsonSchemaObject } from "@agentwerk/core";
import * as z from "zod";
import { isDeeperThan } from "../../json-depth.ts";
import { hashOfTool } from "../pins/pin-store.ts";
import { cleanSchema } from "./clean-schema.ts";
import { cleanLine, cleanText, hidesText } from "./clean-text.ts";
import { findBadHeader } from "./find-bad-header.ts";

/** A server's tool, read once from what it sent. */
export interface ServerTool {
  /** The server's own name. */
  readonly name: string;
  readonly description: string;
  /** Clean, for models. */
  readonly inputSchema: JsonSchemaObject;
  /** As the server sent it, for the dialect that it names. */
  readonly original: JsonObject;
  readonly outputSchema: unknown;
  readonly hints: {
    readonly readOnly: boolean | undefined;
    readonly destructive: boolean | undefined;
    readonly idempotent: boolean | undefined;
  };
  readonly hash: string;
}

/** Why a tool is kept from models. */
export type QuarantineReason = "invalid" | "duplicate" | "added" | "changed";

export interface QuarantinedTool {
  /** The server's own name, without hidden characters. */
  readonly tool: string;
  readonly reason: QuarantineReason;
  readonly message: string;
}

const longestDescription = 4_000;
const longestName = 256;
/** Of a whole definition, pinned as it is. */
const deepestDefinition = 64;
/** Characters as JSON, output schema and annotations included; the input schema alone may have a fifth. */
const largestDefinition = 300_000;

const hint = z.boolean().optional().catch(undefined);
const definition = z.looseObject({
  name: z.string().min(1).max(longestName),
  title: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  annotations: z
    .looseObject({
      title: z.string().optional().catch(undefined),
      readOnlyHint: hint,
      destructiveHint: hint,
      idempotentHint: hint,
    })
    .optional()
    .catch(undefined),
});

export type ReadTool =
  | { readonly ok: true; readonly tool: ServerTool }
  | { readonly ok: false; readonly quarantined: QuarantinedTool };

/** Reads one entry of a server's list; what cannot be given to a model is kept back with the reason. */
export function readTool(value: unknown, { checksHeaders }: { readonly checksHeaders: boolean }): ReadTool {
  const name = nameOf(value);
  const refuse = (message: string): ReadTool => ({
    ok: false,
    quarantined: { tool: name, reason: "invalid", message },
  });
  if (isDeeperThan(value, deepestDefinition)) return refuse("its definition is nested too deeply");
  const parsed = definition.safeParse(value);
  if (!parsed.success)
    return refuse("its definition is not valid: a tool needs a name of up to 256 characters");
  if (hidesText(parsed.data.name) || /[\t\r\n]/.test(parsed.data.name))
    return refuse("its name holds characters that are not shown");
  const raw = value as JsonObject;
  if (JSON.stringify(raw).length > largestDefinition) return refuse("its definition is too large");
  const schema = cleanSchema(raw.inputSchema);
  if (!schema.ok) return refuse(schema.problem);
  const badHeader = checksHeaders ? findBadHeader(raw.inputSchema) : undefined;
  if (badHeader !== undefined) return refuse(badHeader);
  const { annotations, description, title } = parsed.data;
  const text = description || title || annotations?.title || "";
  return {
    ok: true,
    tool: {
      name: parsed.data.name,
      description: cleanText(text, longestDescription),
      inputSchema: schema.schema,
      original: (raw.inputSchema ?? {}) as JsonObject,
      outputSchema: raw.outputSchema,
      hints: {
        readOnly: annotations?.readOnlyHint,
        destructive: annotations?.destructiveHint,
        idempotent: annotations?.idempotentHint,
      },
      hash: hashOfTool(raw),
    },
  };
}

function nameOf(value: unknown): string {
  const name = typeof value === "object" && value !== null && "name" in value ? value.name : undefined;
  return typeof name === "string" && name !== "" ? cleanLine(name, 100) : "(without a name)";
}
