import { readFile } from "node:fs/promises";
import { AgentwerkError, toErrorMessage } from "@agentwerk/core";
import { expandVariables } from "./expand-variables.ts";
import { parseServer } from "./parse-server.ts";
import type { ServerConfig } from "./server-config.ts";

/** A map of servers, or a client's whole file around one: `mcpServers` (Claude, Cursor) or `servers` (VS Code). */
export type McpServersInput =
  | Readonly<Record<string, ServerConfig>>
  | { readonly mcpServers: Readonly<Record<string, ServerConfig>> }
  | { readonly servers: Readonly<Record<string, ServerConfig>> };

/**
 * Checks a configuration and resolves its `${VAR}` references; those of disabled servers stay as they are.
 * @throws AgentwerkError `invalid_input` with the path of the field.
 */
export function parseServers(input: unknown, env: NodeJS.ProcessEnv): ReadonlyMap<string, ServerConfig> {
  const { path, servers } = unwrap(input);
  const parsed = new Map<string, ServerConfig>();
  for (const [key, value] of Object.entries(servers)) {
    if (key.trim() === "") refuse(path, "holds a server without a name");
    const field = `${path}.${key}`;
    const isDisabled = typeof value === "object" && value !== null && "disabled" in value && value.disabled;
    parsed.set(key, parseServer(isDisabled === true ? value : expandAll(value, { env, field }), field));
  }
  return parsed;
}

/**
 * Reads a client's configuration file, such as `.mcp.json`.
 * @throws AgentwerkError `not_found` or `invalid_input` naming the file.
 */
export async function readMcpFile(path: string): Promise<McpServersInput> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new AgentwerkError({
      code: "not_found",
      message: `${path} cannot be read: ${toErrorMessage(cause)}.`,
      cause,
    });
  });
  try {
    return JSON.parse(text) as McpServersInput;
  } catch (cause) {
    throw new AgentwerkError({
      code: "invalid_input",
      field: path,
      message: `${path} is not valid JSON: ${toErrorMessage(cause)}.`,
      cause,
    });
  }
}

function unwrap(input: unknown): {
  readonly path: string;
  readonly servers: Readonly<Record<string, unknown>>;
} {
  if (!isRecord(input)) return refuse("mcpServers", "is not an object of servers by name");
  for (const path of ["mcpServers", "servers"]) {
    const inner = input[path];
    if (isRecord(inner) && !("command" in inner) && !("url" in inner)) return { path, servers: inner };
  }
  return { path: "mcpServers", servers: input };
}

function expandAll(
  value: unknown,
  context: { readonly env: NodeJS.ProcessEnv; readonly field: string },
): unknown {
  const { env, field } = context;
  if (typeof value === "string") return expandVariables(value, context);
  if (Array.isArray(value)) {
    return value.map((item, index) => expandAll(item, { env, field: `${field}.${index}` }));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, expandAll(item, { env, field: `${field}.${key}` })]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(field: string, problem: string): never {
  throw new AgentwerkError({ code: "invalid_input", field, message: `${field} ${problem}.` });
}
