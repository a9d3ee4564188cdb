import type { Tool } from "@agentwerk/core";
import { fileTools } from "@agentwerk/tools-files";
import { bash } from "@agentwerk/tools-shell";
import { braveSearch, webFetch, webSearch } from "@agentwerk/tools-web";

/** Tools that leave no trace and stay inside the folder run unasked. */
const unasked: ReadonlySet<string> = new Set(["read_file", "glob", "list_directory", "grep", "web_search"]);

/** The tools of a conversation, and which of them the person lets run without being asked. */
export interface ChatTools {
  readonly tools: readonly Tool[];
  /** Whether each call of a tool is put to the person. */
  asks(tool: string): boolean;
  /** From now on, calls of this tool run unasked. */
  trust(tool: string): void;
}

/** Files, commands and web pages; `web_search` where there is a key for it. Commands run unconfined, hence only when approved. */
export function chatTools(env: NodeJS.ProcessEnv, { trustAll }: { readonly trustAll: boolean }): ChatTools {
  const trusted = new Set(unasked);
  const key = (env.BRAVE_API_KEY ?? "").trim();
  const search = key === "" ? [] : [webSearch({ provider: braveSearch({ apiKey: key }) })];
  const asks = (tool: string): boolean => !trustAll && !trusted.has(tool);
  const all = [...fileTools(), bash({ unrestricted: true }), webFetch(), ...search];
  return {
    tools: all.map((tool) => ({ ...tool, needsApproval: () => asks(tool.name) })),
    asks,
    trust: (tool) => void trusted.add(tool),
  };
}
