import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { AgentwerkError } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { makeFolder } from "../../cli/make-folder.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { installCommand } from "../../config/install-command.ts";
import { isInProject } from "../../config/load-package.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { shellWord } from "../../show/shell-word.ts";
import { type Answers, defaultAnswers, missingKey } from "./answers.ts";
import { askAnswers, askOverwrite } from "./ask-answers.ts";
import { agentFile, configFile, ignoredLine, neededPackages } from "./project-files.ts";

export interface InitProjectOptions {
  readonly folder: string | undefined;
  readonly yes?: true | undefined;
  readonly model?: string | undefined;
  readonly force?: true | undefined;
  readonly install?: true | undefined;
  readonly json?: true | undefined;
}

interface Written {
  readonly file: string;
  readonly outcome: "written" | "kept";
}

export async function initProject(options: InitProjectOptions, context: CommandContext): Promise<ExitCode> {
  const folder = resolve(options.folder ?? ".");
  checkPresence(options, context);
  const suggested = defaultAnswers(options.model);
  const answers =
    options.yes === true ? suggested : await askAnswers(suggested, { hasModel: options.model !== undefined });
  if (answers === undefined) return exitCodes.interrupted;
  const written = await writeProject(folder, { answers, options });
  if (written === undefined) return exitCodes.interrupted;
  const missing = neededPackages(answers).filter((name) => !isInProject(name, folder));
  const command = missing.length === 0 ? undefined : installCommand(folder, missing);
  const installs = command !== undefined && (options.install === true || answers.install);
  if (options.json !== true) for (const file of written) context.out.write(describeWritten(file));
  if (installs) await install(command, folder);
  if (options.json === true)
    context.out.write(toJsonLine({ files: written, install: command, installed: installs }));
  else tellNext(installs ? undefined : command, { folder, context, key: missingKey(answers.model) });
  return exitCodes.ok;
}

function checkPresence({ yes, json }: InitProjectOptions, { out }: CommandContext): void {
  if (yes === true) return;
  if (json === true) throw new UsageError("--json goes with --yes.");
  if (process.stdin.isTTY === true && out.isTerminal) return;
  throw new UsageError("Nobody is there to ask; agentwerk init --yes takes what the environment suggests.");
}

function describeWritten({ file, outcome }: Written): string {
  return outcome === "written" ? `✓ ${file}\n` : `· ${file} is kept as it is\n`;
}

function tellNext(
  install: string | undefined,
  {
    folder,
    context,
    key,
  }: { readonly folder: string; readonly context: CommandContext; readonly key: string | undefined },
): void {
  const place = relative(process.cwd(), folder);
  const lines = [
    ...(place === "" ? [] : [`cd ${shellWord(place)}`]),
    ...(install === undefined ? [] : [install]),
    ...(key === undefined ? [] : [key]),
    "npx agentwerk doctor",
    'npx agentwerk run "What is in this folder?"',
  ];
  context.out.write(`\nNext:\n${lines.map((line) => `  ${line}\n`).join("")}`);
}

/** `undefined` when the person at the terminal gave up. */
async function writeProject(
  folder: string,
  { answers, options }: { readonly answers: Answers; readonly options: InitProjectOptions },
): Promise<readonly Written[] | undefined> {
  const written: Written[] = [];
  for (const [file, content] of [
    ["agentwerk.config.ts", configFile(answers)],
    ["agents/assistant.md", agentFile(answers)],
  ] as const) {
    const path = join(folder, file);
    const mayWrite = await mayWriteTo(path, { file, options });
    if (mayWrite === undefined) return undefined;
    if (mayWrite) {
      await makeFolder(dirname(path));
      await writeFile(path, content);
    }
    written.push({ file, outcome: mayWrite ? "written" : "kept" });
  }
  written.push({
    file: ".gitignore",
    outcome: (await addIgnoredLine(join(folder, ".gitignore"))) ? "written" : "kept",
  });
  return written;
}

async function mayWriteTo(
  path: string,
  { file, options }: { readonly file: string; readonly options: InitProjectOptions },
): Promise<boolean | undefined> {
  if (!existsSync(path) || options.force === true) return true;
  return options.yes === true ? false : askOverwrite(file);
}

/** Nothing of the file is changed but its end. */
async function addIgnoredLine(path: string): Promise<boolean> {
  const content = existsSync(path) ? await readFile(path, "utf8") : "";
  if (content.split(/\r?\n/).some((line) => line.trim() === ignoredLine)) return false;
  const isOpen = content !== "" && !content.endsWith("\n");
  await writeFile(path, `${content}${isOpen ? "\n" : ""}${ignoredLine}\n`);
  return true;
}

async function install(command: string, folder: string): Promise<void> {
  const [program = "npm", ...args] = command.split(" ");
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", 2, 2] });
  const [code] = await once(child, "close");
  if (code === 0) return;
  throw new AgentwerkError({
    code: "missing_dependency",
    message: `${command} ended with ${code}; run it by hand in ${folder}.`,
  });
}
