import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { listFiles } from "../search/list-files.ts";
import { nearNames } from "../text/near-names.ts";
import { confirmNames } from "./confirm-names.ts";
import { openFolder } from "./open-inside.ts";
import { locate, type Scope } from "./place.ts";

/** A sentence about what the model may have meant by a path that is not there; empty when there is nothing to say. */
export async function suggestPath(path: string, scope: Scope, signal: AbortSignal): Promise<string> {
  try {
    const candidates = (await nearSiblings(path, scope)) ?? (await sameNameElsewhere(path, scope, signal));
    return candidates.length === 0 ? "" : ` Did you mean ${candidates.join(" or ")}?`;
  } catch {
    // A hint that cannot be had is no reason to fail differently.
    return "";
  }
}

/** What stands beside the first name that is missing and is nearly called like it. */
async function nearSiblings(path: string, scope: Scope): Promise<readonly string[] | undefined> {
  const { existing, missing } = await locate(path, scope);
  const [first, ...rest] = missing;
  if (first === undefined) return undefined;
  const folder = await openFolder(existing, scope);
  try {
    const names = nearNames(first, await readdir(folder.at(".")));
    if (names.length === 0) return undefined;
    const places = await Promise.all(names.map((name) => locate(join(existing, name, ...rest), scope)));
    const found = places.filter((place) => place.missing.length === 0);
    return found.length === 0 ? undefined : found.map(({ shown }) => shown);
  } finally {
    await folder.close();
  }
}

/** Files of the same name in other folders of the agent's directory. */
async function sameNameElsewhere(
  path: string,
  scope: Scope,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { missing } = await locate(path, scope);
  const name = missing.at(-1);
  if (name === undefined) return [];
  const folder = await openFolder(scope.dir, scope);
  try {
    const escaped = name.replaceAll(/[[\]{}*?!\\]/g, "\\$&");
    const args = ["--iglob", `**/${escaped}`];
    const { paths } = await listFiles(folder, { ignored: false, signal, args });
    return await confirmNames(folder, [...paths].sort().slice(0, 3));
  } finally {
    await folder.close();
  }
}
