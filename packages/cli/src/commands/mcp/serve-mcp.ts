import { dirname, join, relative, resolve } from "node:path";
import { AgentwerkError, type Knowledge, toErrorMessage } from "@agentwerk/core";
import type { ServeHttpOptions, ServeStdioOptions, serveTickets } from "@agentwerk/mcp";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { listenForInterrupts } from "../../cli/interrupts.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { findConfig } from "../../config/find-config.ts";
import { loadPackage } from "../../config/load-package.ts";
import { makeKnowledge } from "../../config/make-knowledge.ts";
import { openQueue, openSystem } from "../../config/open-system.ts";
import type { Project } from "../../config/project.ts";
import { dirOf } from "../../config/sqlite-store.ts";
import { sanitizeLine } from "../../show/sanitize.ts";

export interface ServeMcpOptions {
  readonly profile?: "read" | "file" | "work" | undefined;
  readonly approvals?: "trusted" | "asked" | undefined;
  readonly work?: true | undefined;
  readonly http?: true | undefined;
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly allowHost?: readonly string[] | undefined;
}

/** Serves until the client goes, or somebody interrupts. Standard output belongs to the protocol. */
export async function serveMcp(options: ServeMcpOptions, context: CommandContext): Promise<ExitCode> {
  const { profile, approvals, http = false, port, host, allowHost } = options;
  if (!http && (port ?? host ?? allowHost) !== undefined) {
    throw new UsageError("--port, --host and --allow-host are for --http.");
  }
  const configFile = findConfig({ cwd: process.cwd(), named: context.globals.config });
  const server = await loadServer(configFile === undefined ? process.cwd() : dirname(configFile));
  // The configuration is code, which may print.
  if (!http) server.reserveStdout();
  const project = await openProjectOf(context);
  using interrupts = listenForInterrupts();
  const work = options.work === true;
  const onlyLooks = profile === "read";
  await using tickets = work ? await openSystem(project) : await openQueue(project, { onlyLooks });
  const onError = (error: unknown): void => {
    process.stderr.write(`agentwerk: ${sanitizeLine(toErrorMessage(error))}\n`);
  };
  const shared = { profile, approvals, knowledge: await readKnowledge(project), work, onError };
  const signal = interrupts.asked;
  if (http) {
    const tokenFile = join(resolve(project.root, dirOf(project)), "mcp-token");
    const settings: ServeHttpOptions = {
      ...shared,
      tokenFile,
      transport: "http",
      signal,
      port,
      host,
      allowedHosts: allowHost,
    };
    const served = await server.serveTickets(tickets, settings);
    context.out.write(
      `Serving at ${served.url}; the token is in ${sanitizeLine(relative(process.cwd(), tokenFile))}.\n`,
    );
    await served.closed;
  } else {
    const settings: ServeStdioOptions = { ...shared, signal };
    await (await server.serveTickets(tickets, settings)).closed;
  }
  return interrupts.exitCode ?? exitCodes.ok;
}

interface Server {
  readonly serveTickets: typeof serveTickets;
  readonly reserveStdout: () => unknown;
}

async function loadServer(root: string): Promise<Server> {
  const exported: unknown = await loadPackage("@agentwerk/mcp", { root, why: "Tickets are served over MCP" });
  if (isServer(exported)) return exported;
  throw new AgentwerkError({
    code: "missing_dependency",
    message: "@agentwerk/mcp exports no serveTickets; update it: npm install @agentwerk/mcp@latest",
  });
}

function isServer(value: unknown): value is Server {
  if (typeof value !== "object" || value === null) return false;
  return ["serveTickets", "reserveStdout"].every((name) => typeof Reflect.get(value, name) === "function");
}

async function readKnowledge(project: Project): Promise<Knowledge | undefined> {
  const { config, root } = project;
  if (config.knowledge === undefined) return undefined;
  return makeKnowledge(project.expand(config.knowledge, "knowledge"), { field: "knowledge", root });
}
