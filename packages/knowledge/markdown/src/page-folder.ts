import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { open, readdir, rename, rm, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeFolder } from "@agentwerk/core";
import { isSlug } from "./check-draft.ts";
import { type FileProblem, fileCache } from "./file-cache.ts";
import { type PageFile, parsePage } from "./page-file.ts";

/** The files of the pages, with what was read of them kept until they change. */
export interface PageFolder {
  /** All good pages, by slug. Damaged ones are reported once for each state that they are in. */
  readAll(): Promise<ReadonlyMap<string, PageFile>>;
  read(slug: string): Promise<PageFile | undefined>;
  write(slug: string, content: string): Promise<void>;
  remove(slug: string): Promise<boolean>;
}

const parallel = 32;

export function pageFolder(dir: string, onProblem: (problem: FileProblem) => void): PageFolder {
  const misnamed = new Set<string>();
  const pathOf = (slug: string): string => join(dir, `${slug}.md`);
  const cache = fileCache<PageFile>({
    // A link could lead anywhere, and a pipe never answers.
    open: (path) => open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
    parse: (bytes, { path, modifiedAt }) => parsePage(bytes, { slug: basename(path, ".md"), modifiedAt }),
    onProblem,
  });
  const read = (slug: string): Promise<PageFile | undefined> => cache.read(pathOf(slug));

  /** Slugs of the files there are, sorted. */
  async function findSlugs(): Promise<readonly string[]> {
    const slugs: string[] = [];
    for (const name of await readdir(dir).catch(noNames)) {
      if (!name.endsWith(".md") || name.startsWith(".")) continue;
      const slug = name.slice(0, -3);
      if (isSlug(slug)) slugs.push(slug);
      else reportName(name);
    }
    return slugs.sort();
  }

  function reportName(name: string): void {
    if (misnamed.has(name)) return;
    misnamed.add(name);
    const path = join(dir, name);
    onProblem({ path, message: `${path} is skipped: its name has to be lower-case letters, digits and -.` });
  }

  return {
    read,
    async readAll() {
      const slugs = await findSlugs();
      const files = new Map<string, PageFile>();
      for (let start = 0; start < slugs.length; start += parallel) {
        const part = slugs.slice(start, start + parallel);
        const found = await Promise.all(part.map(read));
        for (const [index, file] of found.entries())
          if (file !== undefined) files.set(part[index] ?? "", file);
      }
      cache.keepOnly(new Set(slugs.map(pathOf)));
      return files;
    },
    write: (slug, content) => writeWhole(dir, `${slug}.md`, content),
    async remove(slug) {
      try {
        await unlink(pathOf(slug));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
  };
}

/** Others see the old file or the new one, never a part; of several writers the last wins whole. */
export async function writeWhole(dir: string, name: string, content: string): Promise<void> {
  await makeFolder(dir);
  const temporary = join(dir, `.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(content);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(dir, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function noNames(error: unknown): readonly string[] {
  if (isMissing(error)) return [];
  throw error;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
