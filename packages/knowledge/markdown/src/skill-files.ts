import { isUtf8 } from "node:buffer";
import { join, posix } from "node:path";
import { AgentwerkError } from "@agentwerk/core";
import { openAt, readFolder } from "./open-at.ts";

/** Files of a skill that are listed. */
export const mostFiles = 200;
/** Bytes of a file that are read. */
const longestFile = 262_144;
/** Folders within folders; more is a mistake. */
const deepest = 8;

export const instructionsFile = "SKILL.md";

/**
 * What comes with a skill, as paths within its folder, sorted; at most one more than `mostFiles`. Hidden files and links
 * are left out.
 */
export async function listSkillFiles(dir: string): Promise<readonly string[]> {
  const files: string[] = [];
  async function walk(folder: string, depth: number): Promise<void> {
    for (const entry of await readFolder(join(dir, folder)).catch(() => [])) {
      if (files.length > mostFiles) return;
      const path = posix.join(folder, entry.name);
      if (entry.name.startsWith(".") || path === instructionsFile) continue;
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && depth < deepest) await walk(path, depth + 1);
    }
  }
  await walk("", 1);
  return files.sort();
}

export interface SkillFileRequest {
  /** Of the skill. */
  readonly name: string;
  /** The skill's folder, absolute and without links. */
  readonly dir: string;
  /** As the model wrote it. */
  readonly path: string;
}

/**
 * The text of a file in a skill's folder, cut with a word where it is long.
 * @throws AgentwerkError `invalid_input` for what is not there, leads out or is no text.
 */
export async function readSkillFile({ name, dir, path }: SkillFileRequest): Promise<string> {
  const plain = posix.normalize(path);
  const isPlain =
    plain.split("/").every((part) => part !== "" && !part.startsWith(".")) && !/[\0\\]/.test(plain);
  if (!isPlain || plain === instructionsFile)
    throw refusal(path, `is not among the files of the skill ${name}`);
  let handle: Awaited<ReturnType<typeof openAt>>;
  try {
    handle = await openAt(join(dir, plain));
  } catch (cause) {
    throw refusal(path, `is not among the files of the skill ${name}`, cause);
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw refusal(path, "is not a regular file");
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(longestFile), position: 0 });
    const isCut = stats.size > bytesRead;
    const bytes = isCut ? withoutBrokenEnd(buffer.subarray(0, bytesRead)) : buffer.subarray(0, bytesRead);
    if (!isUtf8(bytes) || bytes.includes(0))
      throw refusal(path, `is not text but ${stats.size} bytes of something else`);
    const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
    return isCut ? `${text}\n(cut: the first ${bytes.length} of ${stats.size} bytes)` : text;
  } finally {
    await handle.close();
  }
}

/** Without a character of which only the first bytes were read. */
function withoutBrokenEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > bytes.length - 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  return isUtf8(bytes.subarray(end - 1)) ? bytes : bytes.subarray(0, end - 1);
}

function refusal(path: string, problem: string, cause?: unknown): AgentwerkError {
  return new AgentwerkError({
    code: "invalid_input",
    field: "path",
    message: `${JSON.stringify(path)} ${problem}.`,
    cause,
  });
}
