import type { McpServers } from "@agentwerk/mcp";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { listenForInterrupts } from "../../cli/interrupts.ts";
import { ConfigError } from "../../config/config-error.ts";
import { mountAllServers, readServerConfigs } from "../../config/mount-servers.ts";
import { count } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import { type Column, formatTable } from "../../show/table.ts";

type Status = ReturnType<McpServers["status"]>[number];

const columns: readonly Column<Status>[] = [
  { title: "server", cell: ({ server }) => sanitizeLine(server) },
  {
    title: "state",
    cell: ({ state }) => state,
    colour: ({ state }) => (state === "ready" ? "green" : "yellow"),
  },
  { title: "transport", cell: ({ transport }) => transport },
  { title: "tools", cell: ({ tools }) => String(tools.length), align: "right" },
  {
    title: "kept back",
    cell: ({ quarantined }) => String(quarantined.length),
    align: "right",
    colour: ({ quarantined }) => (quarantined.length > 0 ? "yellow" : undefined),
  },
  { title: "", cell: ({ reason = "" }) => sanitizeLine(reason), flexible: true },
];

export async function listServers(
  options: { readonly json?: true | undefined },
  context: CommandContext,
): Promise<ExitCode> {
  const { out, log } = context;
  await using servers = await openServers(context);
  const status = await servers.open();
  if (options.json === true) out.write(toJsonLine(status));
  else {
    out.write(formatTable(status, { columns, terminal: out }));
    for (const { server, quarantined } of status) {
      for (const { tool, message } of quarantined) {
        log.write(
          `${sanitizeLine(server)}: ${sanitizeLine(tool)} is kept back: ${sanitizeLine(message)}; agentwerk mcp accept ${sanitizeLine(server)}\n`,
        );
      }
    }
  }
  return status.every(({ state }) => state === "ready" || state === "disabled")
    ? exitCodes.ok
    : exitCodes.failed;
}

export async function acceptTools(
  options: { readonly server: string; readonly tools: readonly string[]; readonly json?: true | undefined },
  context: CommandContext,
): Promise<ExitCode> {
  const { server, tools } = options;
  await using servers = await openServers(context);
  const accepted = await servers.accept(server, tools.length === 0 ? undefined : tools);
  const names = accepted.map(sanitizeLine).join(", ");
  const text =
    accepted.length === 0
      ? `Nothing of ${server} was kept back.`
      : `${count(accepted.length, "tool")} of ${server} trusted: ${names}.`;
  context.out.write(options.json === true ? toJsonLine({ server, accepted }) : `${text}\n`);
  return exitCodes.ok;
}

export async function signIn(server: string, context: CommandContext): Promise<ExitCode> {
  using interrupts = listenForInterrupts();
  await using servers = await openServers(context);
  try {
    await servers.authorize(server, { signal: interrupts.asked });
  } catch (error) {
    if (interrupts.exitCode !== undefined) return interrupts.exitCode;
    throw error;
  }
  context.out.write(`Signed in at ${sanitizeLine(server)}.\n`);
  return exitCodes.ok;
}

async function openServers(context: CommandContext): Promise<McpServers> {
  const project = await openProjectOf(context);
  if (Object.keys(readServerConfigs(project)).length > 0) return mountAllServers(project);
  throw new ConfigError(
    "The configuration has no mcpServers; add some as Claude Desktop and .mcp.json know them.",
  );
}
