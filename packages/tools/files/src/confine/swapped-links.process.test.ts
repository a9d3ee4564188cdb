import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Tool } from "@agentwerk/core";
import { afterEach, expect, test } from "vitest";
import { fileTools } from "../file-tools.ts";
import { type FileBench, fileBench, secret } from "../testing/file-bench.ts";

const program = fileURLToPath(new URL("../testing/swap.program.ts", import.meta.url));
let bench: FileBench;
let swapper: ChildProcess;

afterEach(async () => {
  if (swapper.exitCode === null && swapper.signalCode === null) {
    const ended = once(swapper, "exit");
    swapper.kill("SIGKILL");
    await ended;
  }
  await bench.close();
});

/** Input of each tool, by which a link that was swapped in would lead it out. */
const inputs: Readonly<Record<string, readonly object[]>> = {
  read_file: [{ path: "folder/secret.txt" }, { path: "file.txt" }],
  write_file: [
    { path: "folder/made/new.txt", content: "written" },
    { path: "folder/secret.txt", content: "written" },
    { path: "file.txt", content: "written" },
  ],
  edit_file: [{ path: "folder/secret.txt", old_string: "inside", new_string: "inside edited" }],
  glob: [{ pattern: "folder/*" }, { pattern: "**/*" }],
  list_directory: [{ path: "folder" }, { depth: 3 }],
  grep: [
    { pattern: "secret|inside", path: "folder" },
    { pattern: "secret|inside" },
    { pattern: ".", mode: "files" },
    { pattern: ".", mode: "count" },
    { pattern: "the", path: "file.txt" },
  ],
};

async function hammer(tool: Tool, input: object, until: number): Promise<{ done: number; leaks: number }> {
  let done = 0;
  let leaks = 0;
  while (Date.now() < until) {
    const answer = JSON.stringify(await bench.call(tool, input).catch((error: unknown) => String(error)));
    if (answer.includes(secret) || answer.includes("only-outside")) leaks += 1;
    if (!answer.includes('"kind":"error"')) done += 1;
  }
  return { done, leaks };
}

test("a link that is swapped in between check and use leads no tool out", async () => {
  bench = await fileBench({ "folder/secret.txt": "inside\n", "file.txt": "inside\n" });
  await bench.call(fileTools({ roots: [bench.outside] })[1] as Tool, {
    path: `${bench.outside}/only-outside.txt`,
    content: "only-outside",
  });
  const [, before] = (await bench.state()) as unknown[];
  swapper = spawn(process.execPath, [program, bench.dir, bench.outside], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (swapper.stdout !== null) await once(swapper.stdout, "data");

  const counts: Record<string, { done: number; leaks: number }> = {};
  for (const tool of fileTools()) {
    for (const input of inputs[tool.name] ?? []) {
      counts[`${tool.name} ${JSON.stringify(input)}`] = await hammer(tool, input, Date.now() + 1_000);
    }
  }

  expect(swapper.exitCode).toBeNull();
  expect(Object.entries(counts).filter(([, { leaks }]) => leaks > 0)).toEqual([]);
  expect(
    Object.entries(counts).filter(([name, { done }]) => name.startsWith("read_file") && done === 0),
  ).toEqual([]);
  swapper.kill("SIGKILL");
  await once(swapper, "exit");
  const [, after] = (await bench.state()) as unknown[];
  expect(after).toEqual(before);
});
