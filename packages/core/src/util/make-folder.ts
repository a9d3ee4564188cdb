import { mkdirSync, statSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { toErrorMessage } from "../errors/to-error-message.ts";

/** Of the folders that are made; those that are there already stay as they are. */
export interface FolderOptions {
  readonly mode?: number | undefined;
}

/**
 * Makes a folder with all that lead to it, one level at a time: `mkdir` of Node 22 and 24 with `recursive` tries for ever
 * where a parent says that it does not exist and cannot be made, as below /proc.
 * @throws AgentwerkError `store_unavailable` naming the folder.
 */
export async function makeFolder(path: string, options: FolderOptions = {}): Promise<void> {
  const whole = resolve(path);
  try {
    await makeLevels(whole, options);
  } catch (cause) {
    throw cannotMake(whole, cause);
  }
}

/**
 * {@link makeFolder} for what opens its files at once.
 * @throws AgentwerkError `store_unavailable` naming the folder.
 */
export function makeFolderSync(path: string, options: FolderOptions = {}): void {
  const whole = resolve(path);
  try {
    makeLevelsSync(whole, options);
  } catch (cause) {
    throw cannotMake(whole, cause);
  }
}

async function makeLevels(path: string, options: FolderOptions): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeLevels(parent, options);
  try {
    await mkdir(path, options);
  } catch (error) {
    // Somebody else was faster.
    if (!(await isFolder(path))) throw error;
  }
}

function makeLevelsSync(path: string, options: FolderOptions): void {
  if (isFolderSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeLevelsSync(parent, options);
  try {
    mkdirSync(path, options);
  } catch (error) {
    if (!isFolderSync(path)) throw error;
  }
}

/** Whatever the reason: one that cannot be looked at is none. */
async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

function isFolderSync(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function cannotMake(path: string, cause: unknown): AgentwerkError {
  return new AgentwerkError({
    code: "store_unavailable",
    message: `The folder ${path} cannot be made: ${toErrorMessage(cause)}. Name one that you can write to.`,
    cause,
  });
}
