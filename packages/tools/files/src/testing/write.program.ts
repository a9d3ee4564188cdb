// Runs one tool once, as another user or under another limit. Arguments: directory, tool, input as JSON. Prints the answer.
import { fileTools } from "../file-tools.ts";
import { fileBench } from "./file-bench.ts";

const [dir = ".", name = "", ...inputs] = process.argv.slice(2);
const bench = await fileBench();
let answer: unknown;
for (const [index, tool] of [...inputs.slice(0, -1).map(() => "read_file"), name].entries()) {
  const found = fileTools().find((candidate) => candidate.name === tool);
  if (found === undefined) throw new Error(`There is no tool ${tool}.`);
  answer = await bench
    .call(found, JSON.parse(inputs[index] ?? "{}"), { dir })
    .catch((error: unknown) => String(error));
}
await bench.close();
console.log(JSON.stringify(answer));
