import type {
  AgentLike,
  Duration,
  Knowledge,
  Model,
  Plugin,
  Policy,
  Skills,
  TicketPolicy,
  TicketStore,
  Tool,
  ToolSource,
} from "@agentwerk/core";
import { z } from "zod";
import type { AgentConfig, AgentwerkConfig, ToolSettings } from "./config.ts";
import { splitList } from "./split-list.ts";

const text = z.string().trim().min(1, "is empty");
const duration = z.custom<Duration>(isDuration, {
  error: 'has to be milliseconds or a text such as "500ms", "30s", "5m", "2h"',
});
const whole = z.int().nonnegative();

const ticketLimits = {
  maxTurns: whole.optional(),
  maxRequestTokens: whole.optional(),
  maxSchemaRetries: whole.optional(),
  maxRequestRetries: whole.optional(),
  requestRetryDelay: duration.optional(),
  maxAttempts: whole.optional(),
  toolTimeout: duration.optional(),
  compactionThreshold: z.number().positive().max(1).optional(),
  maxRepeatedCalls: whole.optional(),
  maxHandovers: whole.optional(),
} satisfies Readonly<Record<keyof TicketPolicy, z.ZodType>>;

const runLimits = {
  ...ticketLimits,
  maxSteps: whole.optional(),
  maxTime: duration.optional(),
  maxInputTokens: whole.optional(),
  maxOutputTokens: whole.optional(),
  maxCost: z.number().positive().optional(),
} satisfies Readonly<Record<keyof Policy, z.ZodType>>;

const model = z.union([text, z.custom<Model>(isModel)], {
  error: 'has to be a text such as "anthropic:claude-sonnet-5-5", or a model such as openai("gpt-5")',
});

const knowledge = z.custom<Knowledge>((value) => hasMethods(value, ["list", "read", "write", "index"]));

const skills = z.union(
  [text, z.array(text), z.custom<Skills>((value) => hasMethods(value, ["list", "read"]))],
  {
    error: "has to be a folder, a list of folders or a set of skills",
  },
);

const settings = z.looseObject({ tool: text });
const tool = z.union(
  [
    text,
    z.custom<Tool | ToolSource>(isTool),
    z.custom<ToolSettings>((value) => settings.safeParse(value).success),
  ],
  {
    error:
      'has to be the name of a tool such as "read_file", a name with options such as { tool: "bash", allow: ["git status"] }, or a tool',
  },
);

const agentFields = {
  name: text.optional(),
  labels: z.array(text).optional(),
  model: model.optional(),
  role: text,
  tools: z.array(tool).optional(),
  knowledge: z
    .union([text, z.literal(false), knowledge], { error: "has to be a folder, a knowledge backend or false" })
    .optional(),
  skills: z
    .union([z.literal(false), skills], {
      error: "has to be a folder, a list of folders, a set of skills or false",
    })
    .optional(),
  instructions: z.union([text, z.array(text)], { error: "has to be a file, or a list of files" }).optional(),
  concurrency: z.int().positive().optional(),
  interactive: z.boolean().optional(),
  dir: text.optional(),
  policy: z.strictObject(ticketLimits).optional(),
  context: z.string().optional(),
  templateVariables: z.record(z.string(), z.string()).optional(),
  directives: z.record(z.string(), z.string()).optional(),
} satisfies Readonly<Record<keyof AgentConfig, z.ZodType>>;

const agent: z.ZodType<AgentConfig> = z.strictObject(agentFields);
const readyAgent = z.custom<Extract<AgentLike, { readonly definition: unknown }>>(
  (value) => typeof value === "object" && value !== null && "definition" in value,
);

const mcpServer = z
  .looseObject({
    command: text.optional(),
    args: z.array(z.string()).optional(),
    env: z.record(z.string(), z.string()).optional(),
    cwd: text.optional(),
    type: z.string().optional(),
    url: text.optional(),
    headers: z.record(z.string(), z.string()).optional(),
  })
  .refine(({ command, url }) => (command === undefined) !== (url === undefined), {
    error: "has to have either command, for a program, or url, for a server over HTTP",
  });

const configFields = {
  dir: text.optional(),
  store: z
    .union(
      [text, z.custom<TicketStore>((value) => hasMethods(value, ["insert", "claim", "commit", "watch"]))],
      {
        error: "has to be a URL such as postgres://host/database, or a store",
      },
    )
    .optional(),
  namespace: text.optional(),
  policy: z.strictObject(runLimits).optional(),
  leaseDuration: duration.optional(),
  model: model.optional(),
  agents: z.array(z.union([readyAgent, agent])).optional(),
  agentFiles: z.union([text, z.literal(false)], { error: "has to be a folder or false" }).optional(),
  plugins: z
    .array(
      z.union([text, z.custom<Plugin>((value) => hasName(value))], {
        error: "has to be the name of a package, or a plugin",
      }),
    )
    .optional(),
  mcpServers: z.union([text, z.record(z.string(), mcpServer)]).optional(),
  knowledge: z.union([text, knowledge], { error: "has to be a folder or a knowledge backend" }).optional(),
  skills: skills.optional(),
} satisfies Readonly<Record<keyof AgentwerkConfig, z.ZodType>>;

export const configSchema: z.ZodType<AgentwerkConfig> = z.strictObject(configFields);

/** Front matter of an agent's file: the options of an agent; the text below is the role. */
export interface FrontMatter extends Omit<AgentConfig, "role"> {
  readonly description?: string | undefined;
  /** Of other programs: how to show the agent. */
  readonly color?: unknown;
}

/** `read_file, bash(git diff *, npm test)` and a list are the same. */
const listOrLine = z
  .union([z.array(z.string()), z.string()], { error: "has to be a list, or names with commas between them" })
  .transform((value) => (typeof value === "string" ? splitList(value) : value));

const { role: _role, ...agentOptions } = agentFields;
const frontMatterFields = {
  ...agentOptions,
  description: z.string().optional(),
  labels: listOrLine.optional(),
  tools: listOrLine.optional(),
  color: z.unknown().optional(),
};

export const frontMatterSchema: z.ZodType<FrontMatter> = z.strictObject(frontMatterFields);

/** The options that there are at a place of a configuration, for suggestions. */
export function fieldsAt(path: string): readonly string[] {
  if (path === "") return Object.keys(configFields);
  if (path === "policy") return Object.keys(runLimits);
  return Object.keys(path.endsWith(".policy") ? ticketLimits : agentFields);
}

/** The same for front matter. */
export function frontMatterFieldsAt(path: string): readonly string[] {
  return Object.keys(path === "policy" ? ticketLimits : frontMatterFields);
}

function isDuration(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0;
  return typeof value === "string" && /^\d+(\.\d+)?(ms|s|m|h|d)$/.test(value);
}

function isModel(value: unknown): boolean {
  return hasName(value) && hasMethods(Reflect.get(value, "provider"), ["respond"]);
}

function isTool(value: unknown): boolean {
  return hasName(value) && (hasMethods(value, ["run"]) || hasMethods(value, ["tools"]));
}

function hasName(value: unknown): value is { readonly name: string } {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "name") === "string";
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  return methods.every((method) => typeof Reflect.get(value, method) === "function");
}
