// Swaps a folder for a link to elsewhere, and back, as fast as it can. Arguments: folder, where the link leads.
import { renameSync, symlinkSync, unlinkSync } from "node:fs";

const [folder = "", outside = ""] = process.argv.slice(2);
const aside = `${folder}-aside`;
process.stdout.write("swapping\n");
for (;;) {
  renameSync(folder, aside);
  symlinkSync(outside, folder);
  unlinkSync(folder);
  renameSync(aside, folder);
}
