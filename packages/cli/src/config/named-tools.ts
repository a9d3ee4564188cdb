/** Where a tool comes from that a configuration can name. */
export interface NamedTool {
  readonly name: string;
  readonly packageName: string;
  /** The function that makes it. */
  readonly exportName: string;
  /** What coding agents call the same, for definitions that are moved over. */
  readonly alias?: string;
}

const files = "@agentwerk/tools-files";
const shell = "@agentwerk/tools-shell";
const web = "@agentwerk/tools-web";
const core = "@agentwerk/core";

export const namedTools: readonly NamedTool[] = [
  { name: "read_file", packageName: files, exportName: "readFile", alias: "Read" },
  { name: "write_file", packageName: files, exportName: "writeFile", alias: "Write" },
  { name: "edit_file", packageName: files, exportName: "editFile", alias: "Edit" },
  { name: "glob", packageName: files, exportName: "glob", alias: "Glob" },
  { name: "grep", packageName: files, exportName: "grep", alias: "Grep" },
  { name: "list_directory", packageName: files, exportName: "listDirectory", alias: "LS" },
  { name: "bash", packageName: shell, exportName: "bash", alias: "Bash" },
  { name: "web_fetch", packageName: web, exportName: "webFetch", alias: "WebFetch" },
  { name: "web_search", packageName: web, exportName: "webSearch", alias: "WebSearch" },
  { name: "ask_human", packageName: core, exportName: "askHuman" },
  { name: "manage_tickets", packageName: core, exportName: "manageTickets" },
  { name: "read_tickets", packageName: core, exportName: "readTickets" },
  { name: "write_handover", packageName: core, exportName: "writeHandover" },
  { name: "write_result", packageName: core, exportName: "writeResult" },
];

export function findNamedTool(name: string): NamedTool | undefined {
  return namedTools.find((tool) => tool.name === name || tool.alias === name);
}
