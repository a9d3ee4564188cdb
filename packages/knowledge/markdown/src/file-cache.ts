import type { FileHandle } from "node:fs/promises";
import { longestText } from "./decode-text.ts";
import { FrontMatterError } from "./front-matter.ts";

/** A file that cannot be used as it stands. */
export interface FileProblem {
  readonly path: string;
  /** What is damaged. */
  readonly message: string;
}

export interface FileToParse {
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

export interface FileCacheOptions<Value> {
  /** Follows no link and waits for no pipe. */
  readonly open: (path: string) => Promise<FileHandle>;
  /** @throws Error that says what is damaged. */
  readonly parse: (bytes: Buffer, file: FileToParse) => Value;
  /** Told once for each state that a file is in. */
  readonly onProblem: (problem: FileProblem) => void;
  /** What to say of a file that is not there; nothing unless given. */
  readonly missing?: string;
}

/** Files as they were parsed, until they change. */
export interface FileCache<Value> {
  /** Undefined for a file that is not there or was reported. */
  read(path: string): Promise<Value | undefined>;
  /** Forgets all other files. */
  keepOnly(paths: ReadonlySet<string>): void;
}

interface Cached<Value> {
  /** Which file it was and how it stood, or why there was none. */
  readonly stamp: string;
  readonly value: Value | undefined;
}

export function fileCache<Value>(options: FileCacheOptions<Value>): FileCache<Value> {
  const { open, parse, onProblem, missing } = options;
  const cache = new Map<string, Cached<Value>>();

  function report(path: string, reason: string): void {
    onProblem({ path, message: `${path} is skipped: ${reason}.` });
  }

  async function load(handle: FileHandle, path: string): Promise<Value | undefined> {
    const { ino, size, mtimeNs, ctimeNs, mtimeMs } = await handle.stat({ bigint: true });
    const stamp = [ino, size, mtimeNs, ctimeNs].join(" ");
    const known = cache.get(path);
    if (known?.stamp === stamp) return known.value;
    let value: Value | undefined;
    try {
      if (!(await handle.stat()).isFile()) throw new Error("it is not a regular file");
      if (size > longestText) throw new Error(`it is larger than ${longestText / 1_048_576} MiB`);
      value = parse(await handle.readFile(), { path, modifiedAt: Number(mtimeMs) });
    } catch (error) {
      report(path, reasonOf(error));
    }
    cache.set(path, { stamp, value });
    return value;
  }

  return {
    async read(path) {
      try {
        const handle = await open(path);
        try {
          return await load(handle, path);
        } finally {
          await handle.close();
        }
      } catch (error) {
        const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
        if (isMissing && missing === undefined) {
          cache.delete(path);
          return undefined;
        }
        const reason = isMissing ? String(missing) : reasonOf(error);
        if (cache.get(path)?.stamp !== reason) report(path, reason);
        cache.set(path, { stamp: reason, value: undefined });
        return undefined;
      }
    },
    keepOnly(paths) {
      for (const path of cache.keys()) if (!paths.has(path)) cache.delete(path);
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof FrontMatterError) return `its front matter ${error.problem}`;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ELOOP") return "it is a link";
  if (code !== undefined) return `it cannot be read (${String(code)})`;
  return error instanceof Error ? error.message : String(error);
}
