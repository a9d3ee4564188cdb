import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FileBench, fileBench } from "../testing/file-bench.ts";

const programOf = (name: string): string =>
  fileURLToPath(new URL(`../testing/${name}.program.ts`, import.meta.url));
let bench: FileBench;
beforeEach(async () => {
  bench = await fileBench({ f: "start\n" });
});
afterEach(() => bench.close());

async function run(
  command: string,
  args: readonly string[],
  options: { readonly uid?: number; readonly gid?: number } = {},
): Promise<string> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await once(child, "close");
  return output;
}

const node = (program: string, ...args: readonly string[]): readonly string[] => [
  "--conditions=@agentwerk/source",
  programOf(program),
  ...args,
];

test("no edit is lost between processes, and none is half there", async () => {
  const processes = ["one", "two", "three"].map((name) =>
    run(process.execPath, node("edit", bench.dir, "f", name, "30")),
  );
  await Promise.all(processes);
  const lines = (await bench.text("f")).trim().split("\n");
  expect(lines).toHaveLength(1 + 3 * 30);
  expect(new Set(lines).size).toBe(1 + 3 * 30);
  expect(await readdir(bench.dir)).toEqual(["f"]);
});

test("a lock that a killed process left behind is taken after a while", async () => {
  const lock = bench.path(`.agentwerk-${createHash("sha256").update("f").digest("hex").slice(0, 16)}.lock`);
  await writeFile(lock, "somebody who is gone");
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(lock, longAgo, longAgo);
  await run(process.execPath, node("edit", bench.dir, "f", "one", "1"));
  expect(await bench.text("f")).toBe("start\none 0\n");
  expect(await readdir(bench.dir)).toEqual(["f"]);
});

test("a disk that takes no more leaves the file as it was, and no temporary file", async () => {
  // A limit on file sizes fails a write as a full disk does, in the middle; the signal that comes with it is ignored.
  const content = "x".repeat(100_000);
  const limited = `trap '' XFSZ; ulimit -f 20; exec "$0" "$@"`;
  const inputs = [JSON.stringify({ path: "f" }), JSON.stringify({ path: "f", content })];
  const answer = await run("bash", [
    "-c",
    limited,
    process.execPath,
    ...node("write", bench.dir, "write_file", ...inputs),
  ]);
  expect(JSON.parse(answer)).toMatchObject({
    kind: "error",
    message: expect.stringMatching(/larger than the system allows/),
  });
  expect(await bench.text("f")).toBe("start\n");
  expect(await readdir(bench.dir)).toEqual(["f"]);
});

test.skipIf(process.getuid?.() !== 0)(
  "what the user may not read or write is refused; another user is needed to see it, so root",
  async () => {
    const nobody = { uid: 65_534, gid: 65_534 };
    await mkdir(bench.path("closed"));
    await bench.put("closed/x", "hidden");
    await bench.put("open/read-only", "start\n");
    await chmod(bench.path("closed"), 0o700);
    await chmod(bench.path("open"), 0o777);
    await chmod(bench.path(".."), 0o755);
    await chmod(bench.dir, 0o755);
    await chmod(bench.path("open/read-only"), 0o444);
    const asNobody = async (tool: string, ...inputs: readonly object[]): Promise<unknown> => {
      const words = inputs.map((input) => JSON.stringify(input));
      return JSON.parse(await run(process.execPath, node("write", bench.dir, tool, ...words), nobody));
    };
    const denied = { kind: "error", message: expect.stringMatching(/permission denied/) };
    expect(await asNobody("read_file", { path: "closed/x" })).toMatchObject(denied);
    expect(await asNobody("list_directory", { path: "closed" })).toMatchObject(denied);
    expect(await asNobody("write_file", { path: "closed/y", content: "" })).toMatchObject(denied);
    expect(await asNobody("write_file", { path: "new", content: "" })).toMatchObject(denied);
    const edit = { path: "open/read-only", old_string: "start", new_string: "end" };
    expect(await asNobody("edit_file", { path: "open/read-only" }, edit)).toMatchObject(denied);
    expect(await asNobody("grep", { pattern: "start|hidden" })).toMatch(
      /f\n1:start\n\nopen\/read-only\n1:start\n\(1 files or directories could not be searched\)$/,
    );
    expect(await asNobody("glob", { pattern: "**/*" })).toBe(
      "f\nopen/read-only\n(1 directories could not be read)",
    );
    expect(await asNobody("list_directory", { depth: 2 })).toBe(
      "closed/\nf\nopen/\nopen/read-only\n(1 directories could not be read)",
    );
  },
);
