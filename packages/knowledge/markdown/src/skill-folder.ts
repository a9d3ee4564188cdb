import type { Dirent } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type FileProblem, fileCache } from "./file-cache.ts";
import { openAt, readFolder } from "./open-at.ts";
import { isSkillName, parseSkill, type SkillFile } from "./skill-file.ts";
import { instructionsFile } from "./skill-files.ts";

export interface FoundSkill {
  readonly file: SkillFile;
  /** Its folder, absolute and without links. */
  readonly dir: string;
}

/** A folder of skills, with what was read of them kept until it changes. */
export interface SkillFolder {
  /** All good skills. What cannot be used is reported once for each state that it is in. */
  readAll(): Promise<readonly FoundSkill[]>;
  read(name: string): Promise<FoundSkill | undefined>;
}

const parallel = 32;

export function skillFolder(root: string, onProblem: (problem: FileProblem) => void): SkillFolder {
  const told = new Set<string>();
  const cache = fileCache<SkillFile>({
    open: openAt,
    parse: (bytes, { path }) => parseSkill(bytes, basename(dirname(path))),
    onProblem,
    missing: "it is not there, so its folder is no skill",
  });

  function tell(path: string, problem: string): void {
    const message = `${path} ${problem}.`;
    if (told.has(message)) return;
    told.add(message);
    onProblem({ path, message });
  }

  /** Undefined for a folder that is not there. */
  async function open(): Promise<string | undefined> {
    try {
      return await realpath(root);
    } catch {
      tell(root, "is not there or cannot be reached; it holds no skills");
      return undefined;
    }
  }

  async function readIn(real: string, name: string): Promise<FoundSkill | undefined> {
    const dir = join(real, name);
    const file = await cache.read(join(dir, instructionsFile));
    return file === undefined ? undefined : { file, dir };
  }

  async function findNames(real: string): Promise<readonly string[]> {
    let entries: readonly Dirent[];
    try {
      entries = await readFolder(real);
    } catch {
      tell(root, "is no folder that can be read; it holds no skills");
      return [];
    }
    return entries.filter((entry) => isCandidate(entry, real)).map(({ name }) => name);
  }

  function isCandidate(entry: Dirent, real: string): boolean {
    const { name } = entry;
    const path = join(real, name);
    if (name === instructionsFile) tell(path, "is skipped: name the folder that holds the skill's folder");
    if (name.startsWith(".") || entry.isFile()) return false;
    if (!entry.isDirectory()) tell(path, "is skipped: it is a link, or no folder");
    else if (isSkillName(name)) return true;
    else tell(path, "is skipped: its name has to be lower-case letters and digits, with single - between");
    return false;
  }

  return {
    async read(name) {
      const real = isSkillName(name) ? await open() : undefined;
      // What is not asked for by its listed name is not worth a report.
      return real === undefined || !(await findNames(real)).includes(name) ? undefined : readIn(real, name);
    },
    async readAll() {
      const real = await open();
      if (real === undefined) return [];
      const names = await findNames(real);
      const skills: FoundSkill[] = [];
      for (let start = 0; start < names.length; start += parallel) {
        const part = names.slice(start, start + parallel);
        const found = await Promise.all(part.map((name) => readIn(real, name)));
        skills.push(...found.filter((skill) => skill !== undefined));
      }
      cache.keepOnly(new Set(names.map((name) => join(real, name, instructionsFile))));
      return skills;
    },
  };
}
