import { AgentwerkError, type Duration, toMilliseconds } from "@agentwerk/core";
import * as z from "zod";
import type { HttpServerConfig, ServerConfig, StdioServerConfig } from "./server-config.ts";

const duration = z.custom<Duration>(isDuration, {
  error: 'give milliseconds as a number or a text such as "30s" or "5m"',
});
const names = z.array(z.string());
const someTools = z.union([z.boolean(), names]);
const count = z.number().int().positive();

const rules = {
  disabled: z.boolean().optional(),
  allow: names.optional(),
  deny: names.optional(),
  readOnly: someTools.optional(),
  idempotent: someTools.optional(),
  trustAnnotations: z.boolean().optional(),
  approval: z.enum(["always", "never", "destructive"]).optional(),
  deferred: someTools.optional(),
  timeout: duration.optional(),
  maxTime: duration.optional(),
  startTimeout: duration.optional(),
  maxOutput: count.optional(),
  resources: z.boolean().optional(),
  prompts: z.boolean().optional(),
  elicitation: z.boolean().optional(),
  sampling: z
    .union([z.boolean(), z.strictObject({ maxTokens: count.optional(), maxRequests: count.optional() })])
    .optional(),
  roots: names.optional(),
  pins: z.boolean().optional(),
};

const stdioServer: z.ZodType<StdioServerConfig> = z.strictObject({
  ...rules,
  type: z.literal("stdio").optional(),
  command: z.string().min(1),
  args: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
  cwd: z.string().optional(),
});

const oauth = z.strictObject({
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  grantType: z.enum(["authorization_code", "client_credentials"]).optional(),
  scope: z.string().optional(),
  clientMetadataUrl: z.url({ protocol: /^https$/ }).optional(),
  callbackPort: z.number().int().min(1).max(65_535).optional(),
});

const httpServer: z.ZodType<HttpServerConfig> = z.strictObject({
  ...rules,
  type: z.enum(["http", "streamable-http", "streamableHttp", "sse"]).optional(),
  url: z.url({ protocol: /^https?$/, error: "give an http or https URL" }),
  headers: z.record(z.string(), z.string()).optional(),
  oauth: z.union([z.boolean(), oauth]).optional(),
});

/** Keys by which other clients keep settings of their own; they change nothing here. */
const foreignKeys: ReadonlySet<string> = new Set([
  "alwaysAllow",
  "autoApprove",
  "description",
  "dev",
  "gallery",
  "icon",
  "name",
  "version",
]);

/**
 * Checks one entry.
 * @throws AgentwerkError `invalid_input` with the path of the field.
 */
export function parseServer(value: unknown, field: string): ServerConfig {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse(field, "is not an object; give { command, args } or { url }");
  }
  const own = Object.fromEntries(Object.entries(value).filter(([key]) => !foreignKeys.has(key)));
  if (!("command" in own) && !("url" in own)) refuse(field, "has neither command nor url; give one of them");
  const isStdio = "command" in own;
  const parsed = isStdio ? stdioServer.safeParse(own) : httpServer.safeParse(own);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) refuse(field, "is not valid");
  const path = [field, ...issue.path].join(".");
  if (issue.code !== "unrecognized_keys") refuse(path, `is not valid: ${issue.message}`);
  refuse(`${path}.${issue.keys[0]}`, `is not an option of an MCP server over ${isStdio ? "stdio" : "HTTP"}`);
}

function isDuration(value: unknown): boolean {
  if (typeof value !== "number" && typeof value !== "string") return false;
  try {
    toMilliseconds(value as Duration, "duration");
    return true;
  } catch {
    return false;
  }
}

function refuse(field: string, problem: string): never {
  throw new AgentwerkError({ code: "invalid_input", field, message: `${field} ${problem}.` });
}
