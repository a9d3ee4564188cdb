import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { toErrorMessage } from "@agentwerk/core";
import { parse } from "yaml";
import type { AgentConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { frontMatterFieldsAt, frontMatterSchema } from "./config-schema.ts";
import { byImportance, describeIssue } from "./describe-issues.ts";

export interface AgentFile {
  readonly config: AgentConfig;
  /** One line for people. */
  readonly description: string | undefined;
  /** Relative to the configuration. */
  readonly file: string;
}

/**
 * The agents of a folder, one markdown file each: front matter with the options, the rest is the role.
 * @throws ConfigError naming the file and the field.
 */
export async function readAgentFiles(
  folder: string,
  { root }: { readonly root: string },
): Promise<readonly AgentFile[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => name.endsWith(".md") && name !== "README.md").sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return parseAgentFile(await readFile(path, "utf8"), { file: relative(root, path) });
    }),
  );
}

/** @throws ConfigError */
export function parseAgentFile(content: string, { file }: { readonly file: string }): AgentFile {
  const match = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m.exec(content);
  if (match === null || match.index !== 0) {
    throw new ConfigError(
      `${file} has no front matter; begin it with a line ---, options such as name: reviewer, and a line --- again.`,
    );
  }
  const parsed = frontMatterSchema.safeParse(parseYaml(match[1] ?? "", file) ?? {}, { reportInput: true });
  if (!parsed.success) {
    const [issue] = byImportance(parsed.error.issues);
    const problem = issue === undefined ? "does not fit" : describeIssue(issue, frontMatterFieldsAt);
    throw new ConfigError(`${file}: ${problem}`);
  }
  const { description, color: _color, ...options } = parsed.data;
  const role = content.slice(match[0].length).trim();
  if (role === "") {
    throw new ConfigError(`${file} has no text below its front matter; write there who the agent is.`);
  }
  const name = options.name ?? basename(file, ".md");
  return { file, description, config: { ...options, name, role } };
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text, { maxAliasCount: 10 });
  } catch (cause) {
    const [line] = toErrorMessage(cause).split("\n");
    throw new ConfigError(`${file}: the front matter is not YAML: ${line}`, { cause });
  }
}
