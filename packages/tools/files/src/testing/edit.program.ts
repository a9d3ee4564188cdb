// Edits one file until its edits are in. Arguments: directory, file, name, number of edits.
import { editFile } from "../edit-file.ts";
import { readFile } from "../read-file.ts";
import { fileBench } from "./file-bench.ts";

const [dir = ".", path = "", name = "", edits = "0"] = process.argv.slice(2);
const bench = await fileBench();
for (let done = 0; done < Number(edits); ) {
  await bench.call(readFile(), { path }, { dir });
  const input = { path, old_string: "start\n", new_string: `start\n${name} ${done}\n` };
  const answer = await bench.call(editFile(), input, { dir });
  if (typeof answer === "string") done += 1;
}
await bench.close();
