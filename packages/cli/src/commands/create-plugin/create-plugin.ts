import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { CommandContext } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { makeFolder } from "../../cli/make-folder.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { shellWord } from "../../show/shell-word.ts";
import { commonFiles } from "./common-files.ts";
import type { PluginKind } from "./create-plugin-command.ts";
import { readPluginNames } from "./plugin-names.ts";
import type { Template } from "./template.ts";
import { eventsTemplate } from "./templates/events.ts";
import { knowledgeTemplate } from "./templates/knowledge.ts";
import { providerTemplate } from "./templates/provider.ts";
import { storeTemplate } from "./templates/store.ts";
import { toolTemplate } from "./templates/tool.ts";

export interface CreatePluginOptions {
  readonly kind: PluginKind;
  readonly name: string;
  readonly dir?: string | undefined;
  readonly json?: true | undefined;
}

const templates: Readonly<Record<PluginKind, Template>> = {
  provider: providerTemplate,
  tool: toolTemplate,
  knowledge: knowledgeTemplate,
  store: storeTemplate,
  events: eventsTemplate,
};

export async function createPlugin(options: CreatePluginOptions, { out }: CommandContext): Promise<ExitCode> {
  const names = readPluginNames(options.name);
  const folder = resolve(options.dir ?? names.folder);
  const shown = relative(process.cwd(), folder) || ".";
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw new UsageError(`${shown} is not empty; name another folder with --dir.`);
  }
  const template = templates[options.kind];
  const files = { ...commonFiles(names, template), ...template.files(names) };
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, file);
    await makeFolder(dirname(path));
    await writeFile(path, content);
  }
  const written = Object.keys(files).sort();
  if (options.json === true) out.write(toJsonLine({ folder, files: written }));
  else {
    for (const file of written) out.write(`✓ ${join(shown, file)}\n`);
    out.write(`\nNext:\n  cd ${shellWord(shown)}\n  npm install\n  npm test\n`);
  }
  return exitCodes.ok;
}
