import { resolve } from "node:path";
import type { ToolContext } from "@agentwerk/core";
import type { Scope } from "./confine/place.ts";

export interface FileToolOptions {
  /** Further directories, beside the agent's `dir`, that the tool may go to; relative ones from that of the process. */
  readonly roots?: readonly string[] | undefined;
}

/** Where a call may go. */
export type ScopeOf = (context: ToolContext) => Scope;

export function scopeOf({ roots = [] }: FileToolOptions): ScopeOf {
  const resolved = roots.map((root) => resolve(root));
  return ({ dir }) => ({ dir, roots: resolved });
}
