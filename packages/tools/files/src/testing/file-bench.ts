import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { memoryStore, type Tool, type ToolReturn } from "@agentwerk/core";
import { type RunToolOptions, runTool } from "@agentwerk/core/testing";

/** A directory of its own with some files, and tools that work in it as one conversation. */
export interface FileBench {
  /** Absolute, without links. */
  readonly dir: string;
  /** A directory beside `dir`, where tools may not go, with the file `secret.txt`. */
  readonly outside: string;
  readonly options: RunToolOptions & { readonly dir: string };
  path(...names: readonly string[]): string;
  put(name: string, content: string | Buffer): Promise<void>;
  text(name: string): Promise<string>;
  call(tool: Tool, input: unknown, options?: RunToolOptions): Promise<ToolReturn>;
  /** Names, contents and modes of everything in `dir` and `outside`. */
  state(): Promise<unknown>;
  close(): Promise<void>;
}

export const secret = "the secret of the outside";

export async function fileBench(files: Readonly<Record<string, string | Buffer>> = {}): Promise<FileBench> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "agentwerk-files-")));
  const dir = join(home, "inside");
  const outside = join(home, "outside");
  await mkdir(dir);
  await mkdir(outside);
  await writeFile(join(outside, "secret.txt"), secret);
  const path = (...names: readonly string[]): string => join(dir, ...names);
  const put = async (name: string, content: string | Buffer): Promise<void> => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), content);
  };
  for (const [name, content] of Object.entries(files)) await put(name, content);
  const options = { dir, tickets: conversation() };
  return {
    dir,
    outside,
    options,
    path,
    put,
    text: (name) => readFile(path(name), "utf8"),
    call: (tool, input, more) => runTool(tool, input, { ...options, ...more }),
    state: async () => [await describeTree(dir), await describeTree(outside)],
    close: () => rm(home, { recursive: true, force: true }),
  };
}

/** Another conversation: what it read is its own. */
export function conversation(): NonNullable<RunToolOptions["tickets"]> {
  const store = memoryStore();
  return {
    create: (drafts) => store.insert(drafts),
    get: (key) => store.get(key),
    find: (filter) => store.find(filter),
    replies: (key) => store.replies(key),
    update: (key, change) => store.update(key, change),
  };
}

/** Again when something is moved away in the middle of it. */
async function describeTree(folder: string, tries = 50): Promise<readonly string[]> {
  try {
    return await describeOnce(folder);
  } catch (error) {
    const isMoved = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isMoved || tries === 0) throw error;
    return describeTree(folder, tries - 1);
  }
}

async function describeOnce(folder: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const { mode } = await lstat(path);
    const content = entry.isFile()
      ? createHash("sha256")
          .update(await readFile(path))
          .digest("hex")
      : "";
    lines.push(`${path} ${mode} ${content}`);
  }
  return lines.sort();
}
