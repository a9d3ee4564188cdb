import { memoryStore, textOf } from "@agentwerk/core";
import { runTool } from "@agentwerk/core/testing";
import { mcpServers } from "../mount/mcp-servers.ts";
import { hostile } from "./programs.ts";

/** Mounts a server that ignores SIGTERM and has a child that does, too; prints the child's id, then does as it is told. */
const [stateDir = "", end = ""] = process.argv.slice(2);
const servers = mcpServers({ stubborn: hostile("stubborn") }, { stateDir });
const [ticket] = await memoryStore().insert([{ task: "hold" }]);
if (ticket === undefined) throw new Error("No ticket");
const tools = await servers.tools({
  ticket,
  agent: "test",
  signal: new AbortController().signal,
  report: console.error,
});
const tool = tools.find(({ name }) => name === "stubborn__child");
if (tool === undefined) throw new Error("No tool");
const returned = (await runTool(tool, {})) as { readonly content: readonly { type: "text"; text: string }[] };
process.stdout.write(`${textOf(returned.content)}\n`);
if (end === "exit") process.exit(0);
if (end === "wait") setInterval(() => {}, 1_000);
// Otherwise nothing is left to do: an idle server must not keep this process.
