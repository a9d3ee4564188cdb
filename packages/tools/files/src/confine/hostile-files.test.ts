import { spawnSync } from "node:child_process";
import { open, rm, truncate, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import type { Tool } from "@agentwerk/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileTools } from "../file-tools.ts";
import { readFile } from "../read-file.ts";
import { type FileBench, fileBench } from "../testing/file-bench.ts";
import { messageOf } from "../testing/message-of.ts";

let bench: FileBench;
let server: Server | undefined;
beforeEach(async () => {
  bench = await fileBench({ "a.txt": "text\n" });
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await bench.close();
});

function callsOn(path: string): readonly (readonly [tool: Tool, input: object])[] {
  const inputs: Readonly<Record<string, object>> = {
    read_file: { path },
    write_file: { path, content: "x" },
    edit_file: { path, old_string: "a", new_string: "b" },
    grep: { pattern: "x", path },
  };
  return fileTools().flatMap((tool) => {
    const input = inputs[tool.name];
    return input === undefined ? [] : [[tool, input] as const];
  });
}

async function expectErrors(path: string, message: RegExp): Promise<void> {
  for (const [tool, input] of callsOn(path)) {
    expect(messageOf(await bench.call(tool, input)), tool.name).toMatch(message);
  }
}

describe.skipIf(process.platform === "win32")("what is no regular file", () => {
  test("a pipe that nobody writes to holds nobody up", async () => {
    spawnSync("sh", ["-c", `mkfifo "$0"`, bench.path("pipe")]);
    await expectErrors("pipe", /not a regular file/);
    expect(await bench.call(fileTools()[5] as Tool, { pattern: "text" })).toBe("a.txt\n1:text");
    expect(await bench.call(fileTools()[4] as Tool, {})).toBe("a.txt\npipe (pipe)");
  });

  test("a socket is refused", async () => {
    server = createServer();
    await new Promise<void>((resolve) => server?.listen(bench.path("socket"), resolve));
    await expectErrors("socket", /not a regular file/);
    expect(await bench.call(fileTools()[4] as Tool, {})).toBe("a.txt\nsocket (socket)");
  });

  test.skipIf(process.getuid?.() !== 0)("a device is refused, which only root can make", async () => {
    spawnSync("sh", ["-c", `mknod "$0" c 1 5`, bench.path("zero")]);
    await expectErrors("zero", /not a regular file/);
  });

  test("a directory is named as one", async () => {
    await bench.put("d/x", "");
    for (const [tool, input] of callsOn("d").slice(0, 3)) {
      expect(messageOf(await bench.call(tool, input))).toMatch(/is a directory|was not read yet/);
    }
  });
});

describe("large files", () => {
  test("a terabyte of holes is named, not read", async () => {
    await writeFile(bench.path("sparse"), "");
    await truncate(bench.path("sparse"), 1_000_000_000_000);
    expect(await bench.call(readFile(), { path: "sparse" })).toBe(
      "sparse is binary data, 1 TB; it cannot be shown as text.",
    );
    const [, write, edit] = fileTools();
    expect(messageOf(await bench.call(write as Tool, { path: "sparse", content: "x" }))).toMatch(
      /larger than 32 MiB/,
    );
    const input = { path: "sparse", old_string: "a", new_string: "b" };
    expect(messageOf(await bench.call(edit as Tool, input))).toMatch(/larger than 32 MiB/);
  });

  test("of a large text file the window is read, and no more", async () => {
    const handle = await open(bench.path("large"), "w");
    await handle.write(Buffer.from("line\n".repeat(2_000)));
    await handle.truncate(200_000_000_000);
    await handle.close();
    const started = performance.now();
    expect(await bench.call(readFile(), { path: "large", offset: 3, limit: 2 })).toBe(
      "3\tline\n4\tline\n(the file goes on; continue with offset 5)",
    );
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("reading on through a huge file ends when the signal says so", async () => {
    const handle = await open(bench.path("large"), "w");
    await handle.write(Buffer.from("line\n".repeat(10_000)));
    await handle.truncate(200_000_000_000);
    await handle.close();
    const signal = AbortSignal.timeout(200);
    const reading = bench.call(readFile(), { path: "large", offset: 1_000_000_000 }, { signal });
    await expect(reading).rejects.toThrow(/abort|timeout/i);
  });
});

describe("files that change while they are used", () => {
  test("a file that is removed and made again all the time is read whole or not at all", async () => {
    let isRunning = true;
    const changing = (async () => {
      while (isRunning) {
        await rm(bench.path("a.txt"), { force: true });
        await writeFile(bench.path("a.txt"), "text\n");
      }
    })();
    for (let round = 0; round < 200; round++) {
      const answer = JSON.stringify(await bench.call(readFile(), { path: "a.txt" }));
      expect(answer).toMatch(/^"1\\ttext"$|the file is empty|does not exist|not there|over and over/);
    }
    isRunning = false;
    await changing;
  });
});
