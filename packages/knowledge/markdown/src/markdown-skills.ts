import { resolve } from "node:path";
import { AgentwerkError, type Skills } from "@agentwerk/core";
import type { FileProblem } from "./file-cache.ts";
import { listSkillFiles, mostFiles, readSkillFile } from "./skill-files.ts";
import { type FoundSkill, skillFolder } from "./skill-folder.ts";

export interface MarkdownSkillsOptions {
  /** Folders of skills, from the working directory of the process; of two skills of one name the first folder's counts. */
  readonly dir: string | readonly string[];
  /** Told of each skill that is skipped, once for each state that it is in. A process warning unless given. */
  readonly onProblem?: ((problem: FileProblem) => void) | undefined;
}

/**
 * Skills by the Agent Skills standard: `<dir>/<name>/SKILL.md`, and the files beside it. What is there is read anew at
 * every call, so people may edit it.
 * @throws AgentwerkError `invalid_input` for folders that are not named.
 */
export function markdownSkills(source: string | readonly string[] | MarkdownSkillsOptions): Skills {
  const { dir, onProblem = warn } = isOptions(source) ? source : { dir: source };
  const dirs = typeof dir === "string" ? [dir] : [...dir];
  if (dirs.length === 0 || dirs.some((one) => typeof one !== "string" || one === "")) {
    throw new AgentwerkError({
      code: "invalid_input",
      field: "dir",
      message: 'The dir of markdownSkills is missing; name a folder, such as "./skills".',
    });
  }
  const folders = dirs.map((one) => skillFolder(resolve(one), onProblem));
  const clashes = new Set<string>();

  async function find(name: string): Promise<FoundSkill | undefined> {
    for (const folder of folders) {
      const skill = await folder.read(name);
      if (skill !== undefined) return skill;
    }
    return undefined;
  }

  function reportClash(path: string, first: string): void {
    if (clashes.has(path)) return;
    clashes.add(path);
    onProblem({ path, message: `${path} is skipped: ${first} has the same name and comes first.` });
  }

  return {
    async list() {
      const byName = new Map<string, FoundSkill>();
      for (const folder of folders) {
        for (const skill of await folder.readAll()) {
          const first = byName.get(skill.file.name);
          if (first === undefined) byName.set(skill.file.name, skill);
          else reportClash(skill.dir, first.dir);
        }
      }
      return [...byName.values()]
        .map(({ file: { name, description } }) => ({ name, description }))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
    },
    async read(name) {
      const skill = await find(name);
      if (skill === undefined) return undefined;
      const files = await listSkillFiles(skill.dir);
      if (files.length <= mostFiles) return { ...skill.file, files };
      const body = `${skill.file.body}\n\n(Only the first ${mostFiles} files of this skill are listed.)`;
      return { ...skill.file, body, files: files.slice(0, mostFiles) };
    },
    async readFile(name, path) {
      const skill = await find(name);
      if (skill !== undefined) return readSkillFile({ name, dir: skill.dir, path });
      throw new AgentwerkError({
        code: "invalid_input",
        field: "name",
        message: `There is no skill ${JSON.stringify(name)}.`,
      });
    },
  };
}

function isOptions(
  source: string | readonly string[] | MarkdownSkillsOptions,
): source is MarkdownSkillsOptions {
  return typeof source === "object" && source !== null && !Array.isArray(source);
}

function warn({ message }: FileProblem): void {
  process.emitWarning(message, { code: "AGENTWERK_SKILL" });
}
