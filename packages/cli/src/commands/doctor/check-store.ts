import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openQueue } from "../../config/open-system.ts";
import type { Project } from "../../config/project.ts";
import { dirOf } from "../../config/sqlite-store.ts";
import { count } from "../../show/format.ts";
import { describeEngine } from "../store/describe-engine.ts";
import { type Check, ok, warning } from "./check.ts";

/** Opens the store and counts what is open; a SQLite one is made by that, where its folder can be written. */
export async function checkStore(project: Project): Promise<readonly Check[]> {
  await using tickets = await openQueue(project);
  const { todo, inProgress, waiting, leased } = await tickets.store.outlook([]);
  const { config, root } = project;
  const dir = dirOf(project);
  const open = `${count(todo, "ticket")} todo, ${inProgress} in progress (${leased} held by a worker), ${waiting} waiting`;
  const checks = [ok("store", `${describeEngine(project)}: ${open}`)];
  const isIgnored = config.store !== undefined || (await ignores(root, dir));
  if (isIgnored) return checks;
  return [...checks, warning("store", `git does not ignore ${dir}`, `add the line ${dir}/ to .gitignore`)];
}

/** By the lines of `.gitignore` alone; a folder without git ignores all. */
async function ignores(root: string, dir: string): Promise<boolean> {
  if (!existsSync(join(root, ".git"))) return true;
  if (!resolve(root, dir).startsWith(root)) return true;
  const path = join(root, ".gitignore");
  const lines = existsSync(path) ? (await readFile(path, "utf8")).split(/\r?\n/) : [];
  const name = dir.replace(/^\.\//, "").replace(/\/+$/, "");
  return lines.some(
    (line) =>
      line
        .trim()
        .replace(/^\//, "")
        .replace(/\/\**$/, "") === name,
  );
}
