// Swaps a folder and a file for links to elsewhere, and back, as fast as it can. Arguments: folder, where links lead.
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [inside = "", outside = ""] = process.argv.slice(2);
const folder = join(inside, "folder");
const file = join(inside, "file.txt");
const side = join(inside, ".side");
mkdirSync(side, { recursive: true });
process.stdout.write("swapping\n");

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Somebody writes into it just now; the caller tries again.
  }
}

function linkTo(path: string): boolean {
  try {
    symlinkSync(outside, path);
    return true;
  } catch {
    return false;
  }
}

function bringBack(): boolean {
  try {
    renameSync(join(side, "folder"), folder);
    return true;
  } catch {
    return false;
  }
}

for (;;) {
  renameSync(folder, join(side, "folder"));
  // While it is away somebody may make a folder of that name, and rightly so.
  while (!linkTo(folder)) remove(folder);
  symlinkSync(join(outside, "secret.txt"), join(side, "link"));
  renameSync(join(side, "link"), file);
  unlinkSync(folder);
  // What was written into the folder while it was away comes back with it.
  while (!bringBack()) remove(folder);
  writeFileSync(join(side, "plain"), "inside\n");
  renameSync(join(side, "plain"), file);
}
