import { existsSync } from "node:fs";
import { copyFile, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { AgentwerkError, isJsonObject, type JsonObject, toErrorMessage } from "@agentwerk/core";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { confirm } from "../../cli/confirm.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { makeFolder } from "../../cli/make-folder.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { installCommand } from "../../config/install-command.ts";
import { isInProject } from "../../config/load-package.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { placeOf } from "./client-places.ts";
import type { McpClient } from "./mcp-command.ts";

export interface InstallMcpOptions {
  readonly client?: McpClient | undefined;
  readonly profile?: string | undefined;
  readonly work?: true | undefined;
  readonly name?: string | undefined;
  readonly dryRun?: true | undefined;
  readonly yes?: true | undefined;
  readonly json?: true | undefined;
}

export async function installMcp(options: InstallMcpOptions, context: CommandContext): Promise<ExitCode> {
  const { out } = context;
  const { root, configFile } = await openProjectOf(context);
  const { client = "claude-code", name = "agentwerk" } = options;
  const place = placeOf(client, root);
  if (client === "claude-desktop" && configFile === undefined) {
    throw new UsageError(
      "Claude Desktop starts the server in a folder of its own, where it finds the tickets by the configuration; there is none here: agentwerk init writes one.",
    );
  }
  const entry = makeEntry(options, configFile === undefined ? undefined : place.toConfig(configFile));
  if (options.dryRun === true) {
    const added = { [place.key]: { [name]: entry } };
    const text = `${place.file}\n${JSON.stringify(added, undefined, 2)}\n`;
    out.write(options.json === true ? toJsonLine({ file: place.file, name, entry, changed: false }) : text);
    return exitCodes.ok;
  }
  const content = await readClientFile(place.file);
  const servers = isJsonObject(content[place.key]) ? content[place.key] : {};
  const known = isJsonObject(servers) ? servers[name] : undefined;
  const isSame = JSON.stringify(known) === JSON.stringify(entry);
  if (known !== undefined && !isSame) {
    const question = `${place.file} has another entry ${name} already. Replace it?`;
    if (!(await confirm(question, { yes: options.yes === true }))) return exitCodes.interrupted;
  }
  const backup = isSame
    ? undefined
    : await writeWhole(place.file, { ...content, [place.key]: { ...asObject(servers), [name]: entry } });
  const install = isInProject("@agentwerk/mcp", root) ? undefined : installCommand(root, ["@agentwerk/mcp"]);
  if (options.json === true) {
    out.write(toJsonLine({ file: place.file, name, entry, changed: !isSame, backup, install }));
    return exitCodes.ok;
  }
  if (isSame) out.write(`${place.file} has it already.\n`);
  else {
    const before = backup === undefined ? "" : `  As it was before: ${backup}\n`;
    out.write(`✓ ${place.file}\n${before}  ${place.next}\n`);
  }
  if (install !== undefined) out.write(`  The server does not start yet. Next: ${install}\n`);
  return exitCodes.ok;
}

function makeEntry(
  { profile, work }: InstallMcpOptions,
  config: string | undefined,
): { readonly command: string; readonly args: readonly string[] } {
  const args = [
    ...["-y", "agentwerk", "mcp", "serve"],
    ...(config === undefined ? [] : ["--config", config]),
    ...(profile === undefined ? [] : ["--profile", profile]),
    ...(work === true ? ["--work"] : []),
  ];
  return { command: "npx", args };
}

/** A file that is not understood is never written over. */
async function readClientFile(file: string): Promise<JsonObject> {
  if (!existsSync(file)) return {};
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw notUnderstood(file, toErrorMessage(cause), cause);
  }
  if (isJsonObject(content)) return content;
  throw notUnderstood(file, "it holds no object");
}

function notUnderstood(file: string, problem: string, cause?: unknown): AgentwerkError {
  const message = `${file} cannot be changed: ${problem}. Mend it, or add the entry by hand: agentwerk mcp install --dry-run`;
  return new AgentwerkError({ code: "conflict", message, cause });
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Replaces the file whole, behind a link where it is one, with its mode; answers where its old content is kept. */
async function writeWhole(file: string, content: unknown): Promise<string | undefined> {
  await makeFolder(dirname(file));
  const isThere = existsSync(file);
  const target = isThere ? await realpath(file) : file;
  const backup = `${target}.before-agentwerk`;
  if (isThere) await copyFile(target, backup);
  const next = `${target}.${process.pid}.new`;
  // Such files hold keys of other servers: a new one is the user's own.
  const mode = isThere ? (await stat(target)).mode & 0o777 : 0o600;
  await writeFile(next, `${JSON.stringify(content, undefined, 2)}\n`, { mode });
  await rename(next, target);
  return isThere ? backup : undefined;
}
