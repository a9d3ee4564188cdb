import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { makeFolder } from "@agentwerk/core";
import { UsageError } from "./usage-error.ts";

/**
 * Finds out before the work, which may cost money, whether a file for its result can be written; makes none.
 * @throws UsageError
 */
export async function checkWritableFile(path: string, option: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new UsageError(`${option} ${path} is a folder; name a file.`);
  if (found !== undefined) return checkAccess(path, `${option} ${path}`);
  const folder = dirname(resolve(path));
  if (!(await isFolder(folder)))
    throw new UsageError(`${option} ${path} cannot be written: there is no folder ${folder}.`);
  await checkAccess(folder, `${option} ${path}`);
}

/**
 * Makes a folder for results, before the work.
 * @throws UsageError
 */
export async function makeWritableFolder(path: string, option: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (cause) {
    throw new UsageError(`${option} ${path} cannot be made; name a folder that you can write to.`, { cause });
  }
  await checkAccess(path, `${option} ${path}`);
}

/** Whatever the reason: one that cannot be looked at is none. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function checkAccess(path: string, what: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
  } catch (cause) {
    throw new UsageError(`${what} cannot be written: you may not write to ${path}.`, { cause });
  }
}
