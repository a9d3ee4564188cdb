import { relative } from "node:path";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import type { Project } from "../../config/project.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import type { Colour } from "../../show/terminal.ts";
import { padEnd } from "../../show/width.ts";
import { attempt, type Check, ok, warning } from "./check.ts";
import { checkModels } from "./check-models.ts";
import { checkPackages } from "./check-packages.ts";
import { checkServers } from "./check-servers.ts";
import { checkStore } from "./check-store.ts";
import { checkKnowledge, checkTools } from "./check-tools.ts";

export interface ExamineOptions {
  readonly online?: true | undefined;
  readonly json?: true | undefined;
}

/** Looks at everything, also when one look fails; each says at once what it found. */
export async function examine(options: ExamineOptions, context: CommandContext): Promise<ExitCode> {
  const checks: Check[] = [];
  const add = (found: readonly Check[]): void => {
    checks.push(...found);
    if (options.json !== true) for (const check of found) print(check, context);
  };
  add([ok("node", `${process.versions.node}, ${process.platform}-${process.arch}`)]);
  let project: Project | undefined;
  add(
    await attempt("configuration", async () => {
      project = await openProjectOf(context);
      return [checkConfiguration(project)];
    }),
  );
  if (project !== undefined) {
    const { root } = project;
    const opened = project;
    add(await attempt("packages", () => checkPackages(root)));
    add(await checkModels(opened, { isOnline: options.online === true }));
    add(await checkTools(opened));
    add(await attempt("mcp servers", () => checkServers(opened)));
    add(await attempt("knowledge", () => checkKnowledge(opened)));
    add(await attempt("store", () => checkStore(opened)));
  }
  const isWell = checks.every(({ status }) => status !== "failed");
  if (options.json === true) context.out.write(toJsonLine({ ok: isWell, checks }));
  return isWell ? exitCodes.ok : exitCodes.failed;
}

function checkConfiguration({ configFile, agents }: Project): Check {
  const names = agents.map(
    ({ name, labels }) => `${name} (${labels.length === 0 ? "no label" : labels.join(", ")})`,
  );
  if (configFile === undefined) {
    return warning(
      "configuration",
      "none here or above; one agent that only looks is used",
      "agentwerk init",
    );
  }
  return ok("configuration", `${relative(process.cwd(), configFile) || configFile}: ${names.join("; ")}`);
}

const marks: Readonly<Record<Check["status"], readonly [mark: string, colour: Colour]>> = {
  ok: ["✓", "green"],
  warning: ["!", "yellow"],
  failed: ["✗", "red"],
};

function print({ name, status, message, fix }: Check, { out }: CommandContext): void {
  const [mark, colour] = marks[status];
  out.write(`${out.paint(colour, mark)} ${padEnd(sanitizeLine(name), 14)} ${sanitizeLine(message)}\n`);
  if (fix !== undefined) out.write(`  ${" ".repeat(14)} ${out.paint("bold", `→ ${sanitizeLine(fix)}`)}\n`);
}
