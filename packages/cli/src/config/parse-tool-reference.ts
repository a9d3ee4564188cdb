import type { ToolReference } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { splitList } from "./split-list.ts";

/** What a reference asks for: a mounted server, one of its tools, or a tool by name with options. */
export type ParsedReference =
  | { readonly kind: "server"; readonly server: string }
  | { readonly kind: "named"; readonly name: string; readonly options: Readonly<Record<string, unknown>> };

/**
 * @throws ConfigError naming the field for what is neither a name nor `name(pattern, pattern)`.
 */
export function parseToolReference(
  reference: Extract<ToolReference, string | { readonly tool: string }>,
  { field }: { readonly field: string },
): ParsedReference {
  if (typeof reference !== "string") {
    const { tool, ...options } = reference;
    return { kind: "named", name: tool, options };
  }
  if (reference.startsWith("mcp:")) return { kind: "server", server: reference.slice(4) };
  const match = /^([A-Za-z_][\w-]*)(?:\(([\s\S]*)\))?$/.exec(reference.trim());
  const [, name, patterns] = match ?? [];
  if (name === undefined) {
    throw new ConfigError(
      `${field} is ${JSON.stringify(reference)}; give a tool's name, as read_file, or bash with patterns, as bash(git diff *, npm test).`,
      { field },
    );
  }
  if (patterns === undefined) return { kind: "named", name, options: {} };
  // Coding agents write "git diff:*" where the patterns of our bash say "git diff *".
  const allow = splitList(patterns).map((pattern) => pattern.replace(/:\*$/, " *"));
  if (name.toLowerCase() === "bash") return { kind: "named", name, options: { allow } };
  throw new ConfigError(
    `${field}: only bash takes patterns in parentheses; give options of ${name} as { tool: "${name}", … }.`,
    {
      field,
    },
  );
}
