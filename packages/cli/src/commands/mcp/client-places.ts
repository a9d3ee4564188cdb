import { homedir } from "node:os";
import { basename, join } from "node:path";
import { assertNever } from "@agentwerk/core";
import type { McpClient } from "./mcp-command.ts";

/** Where an MCP client keeps its servers. */
export interface ClientPlace {
  readonly file: string;
  /** Under which it keeps its servers. */
  readonly key: string;
  /** How the configuration is named there: files of a project are committed, and hold no path of one machine. */
  toConfig(configFile: string): string;
  readonly next: string;
}

export function placeOf(client: McpClient, root: string): ClientPlace {
  switch (client) {
    case "claude-code":
      return {
        file: join(root, ".mcp.json"),
        key: "mcpServers",
        // Claude Code starts servers in the folder in which it was started itself.
        toConfig: (configFile) => basename(configFile),
        next: "Claude Code, and others that read .mcp.json, ask once whether they may start it.",
      };
    case "cursor":
      return {
        file: join(root, ".cursor", "mcp.json"),
        key: "mcpServers",
        toConfig: inWorkspace,
        next: "Cursor shows it in its settings, under MCP.",
      };
    case "vscode":
      return {
        file: join(root, ".vscode", "mcp.json"),
        key: "servers",
        toConfig: inWorkspace,
        next: "VS Code shows a start button in the file.",
      };
    case "claude-desktop":
      return {
        file: desktopFile(),
        key: "mcpServers",
        toConfig: (configFile) => configFile,
        next: "Restart Claude Desktop. The entry names the configuration by its whole path: Claude Desktop starts it in a folder of its own.",
      };
    default:
      return assertNever(client);
  }
}

function desktopFile(): string {
  const name = join("Claude", "claude_desktop_config.json");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", name);
  if (process.platform === "win32")
    return join(process.env.APPDATA ?? join(homedir(), "AppData", "Roaming"), name);
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), name);
}

/** Both editors put the folder in that holds `.cursor` or `.vscode`, wherever they start the server. */
function inWorkspace(configFile: string): string {
  return `\${workspaceFolder}/${basename(configFile)}`;
}
