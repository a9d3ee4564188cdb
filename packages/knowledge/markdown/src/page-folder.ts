import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import { isSlug } from "./check-draft.ts";
import { longestPage, type PageFile, parsePage } from "./page-file.ts";

/** A page that cannot be used as it stands in its file. */
export interface PageProblem {
  readonly path: string;
  /** What is damaged, and what to do. */
  readonly message: string;
}

/** The files of the pages, with what was read of them kept until they change. */
export interface PageFolder {
  /** All good pages, by slug. Damaged ones are reported once for each state that they are in. */
  readAll(): Promise<ReadonlyMap<string, PageFile>>;
  read(slug: string): Promise<PageFile | undefined>;
  write(slug: string, content: string): Promise<void>;
  remove(slug: string): Promise<boolean>;
}

interface Cached {
  readonly stamp: string;
  readonly file: PageFile | undefined;
}

const parallel = 32;

export function pageFolder(dir: string, onProblem: (problem: PageProblem) => void): PageFolder {
  const cache = new Map<string, Cached>();
  const misnamed = new Set<string>();
  const pathOf = (slug: string): string => join(dir, `${slug}.md`);

  async function read(slug: string): Promise<PageFile | undefined> {
    const path = pathOf(slug);
    try {
      // A link could lead anywhere, and a pipe never answers.
      const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        const { ino, size, mtimeNs, ctimeNs, mtimeMs } = await handle.stat({ bigint: true });
        const stamp = [ino, size, mtimeNs, ctimeNs].join(" ");
        const known = cache.get(slug);
        if (known?.stamp === stamp) return known.file;
        const file = await parse(slug, { handle, size: Number(size), modifiedAt: Number(mtimeMs) });
        cache.set(slug, { stamp, file });
        return file;
      } finally {
        await handle.close();
      }
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "ENOENT") {
        cache.delete(slug);
        return undefined;
      }
      const what = code === "ELOOP" ? "it is a link" : `it cannot be read (${String(code ?? error)})`;
      if (cache.get(slug)?.stamp !== what) onProblem({ path, message: `${path} is skipped: ${what}.` });
      cache.set(slug, { stamp: what, file: undefined });
      return undefined;
    }
  }

  async function parse(
    slug: string,
    {
      handle,
      size,
      modifiedAt,
    }: { handle: Awaited<ReturnType<typeof open>>; size: number; modifiedAt: number },
  ): Promise<PageFile | undefined> {
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw new Error("it is not a regular file");
      if (size > longestPage) throw new Error(`it is larger than ${longestPage / 1_048_576} MiB`);
      return parsePage(await handle.readFile(), { slug, modifiedAt });
    } catch (error) {
      const path = pathOf(slug);
      onProblem({
        path,
        message: `${path} is skipped: ${error instanceof Error ? error.message : String(error)}.`,
      });
      return undefined;
    }
  }

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
      const known = new Set(slugs);
      for (const slug of cache.keys()) if (!known.has(slug)) cache.delete(slug);
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
  await mkdir(dir, { recursive: true });
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
