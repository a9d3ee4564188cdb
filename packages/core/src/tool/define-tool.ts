import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { compileSchema } from "../schema/compile-schema.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import type { SchemaOutput, SchemaSource } from "../schema/schema.ts";
import type { Duration } from "../util/duration.ts";
import { toMilliseconds } from "../util/duration.ts";
import type { ApprovalContext, Tool, ToolAnnotations } from "./tool.ts";
import type { ToolContext } from "./tool-context.ts";
import type { ToolReturn } from "./tool-result.ts";

export interface ToolOptions<Source extends SchemaSource> extends Partial<ToolAnnotations> {
  /** Letters, digits, `_` and `-`, at most 64: what every vendor accepts. */
  readonly name: string;
  /** For the model: what it does, when not to use it, what comes back. */
  readonly description: string;
  /** Of type object. */
  readonly input: Source;
  readonly deferred?: boolean;
  readonly timeout?: Duration;
  /** Parks the ticket until a person approves or rejects the call; `"never"` unless given. */
  readonly approval?:
    | "always"
    | "never"
    | ((input: SchemaOutput<Source>, context: ApprovalContext) => boolean | Promise<boolean>);
  /** See {@link Tool.control}. */
  readonly control?: boolean;
  /** See {@link Tool.finishes}; as `control` unless given. */
  readonly finishes?: boolean;
  run(input: SchemaOutput<Source>, context: ToolContext): ToolReturn | Promise<ToolReturn>;
}

/**
 * Makes a tool out of a name, a schema and a function.
 * @throws AgentwerkError `invalid_input` or `invalid_schema`, naming the field.
 */
export function defineTool<const Source extends SchemaSource>(options: ToolOptions<Source>): Tool {
  const { name, description, run } = options;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw new AgentwerkError({
      code: "invalid_input",
      field: "name",
      message: `The tool name ${JSON.stringify(name)} does not work with every vendor: use 1 to 64 letters, digits, "_" or "-".`,
    });
  }
  if (description.trim() === "") {
    throw new AgentwerkError({
      code: "invalid_input",
      field: "description",
      message: `The tool ${name} has an empty description; the model chooses tools by it.`,
    });
  }
  const schema = compileSchema(options.input, `input of tool ${name}`);
  const readOnly = options.readOnly ?? false;
  return {
    name,
    description,
    inputSchema: toObjectSchema(schema.json, name),
    parseInput: schema.parse,
    readOnly,
    idempotent: options.idempotent ?? readOnly,
    destructive: options.destructive ?? !readOnly,
    deferred: options.deferred ?? false,
    control: options.control ?? false,
    finishes: options.finishes ?? options.control ?? false,
    ...toApproval(options),
    timeoutMs:
      options.timeout === undefined ? undefined : toMilliseconds(options.timeout, `timeout of tool ${name}`),
    run: (input, context) => run(input as SchemaOutput<Source>, context),
  };
}

function toApproval<Source extends SchemaSource>({
  approval = "never",
}: ToolOptions<Source>): Pick<Tool, "needsApproval"> {
  if (approval === "never") return {};
  if (approval === "always") return { needsApproval: () => true };
  return { needsApproval: (input, context) => approval(input as SchemaOutput<Source>, context) };
}

function toObjectSchema(schema: JsonSchema, name: string): JsonSchema {
  if (typeof schema === "object" && (schema.type === "object" || schema.properties !== undefined)) {
    return { ...schema, type: "object", properties: schema.properties ?? {} };
  }
  throw new AgentwerkError({
    code: "invalid_schema",
    field: `input of tool ${name}`,
    message: `The input of tool ${name} is not an object schema; models call tools with named arguments.`,
  });
}
