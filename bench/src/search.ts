import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "@agentwerk/core";
import { runTool } from "@agentwerk/core/testing";
import { glob, grep, listDirectory } from "@agentwerk/tools-files";
import { rgPath } from "@vscode/ripgrep";
import fastGlob from "fast-glob";
import { formatGoal } from "./measure/goal.ts";
import { median } from "./measure/statistics.ts";
import { formatTable, toFigure } from "./measure/table.ts";

const files = 100_000;
const filesPerFolder = 50;
const goalRatio = 1.3;

/** One question, answered by a tool and by its peer. */
interface Race {
  readonly name: string;
  readonly peer: string;
  tool(): Promise<unknown>;
  other(): Promise<unknown>;
  /** Whether the goal is about it. */
  readonly hasGoal: boolean;
}

/** `grep`, `glob` and `list_directory` on 100,000 generated files, beside ripgrep as a process and fast-glob. */
export async function measureSearch({ rounds }: { readonly rounds: number }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "agentwerk-bench-"));
  try {
    await makeTree(dir);
    const rows: string[][] = [];
    const goals: string[] = [];
    for (const race of racesIn(dir)) {
      const own: number[] = [];
      const others: number[] = [];
      for (let round = -1; round < rounds; round++) {
        const took = [await timeOf(race.tool), await timeOf(race.other)] as const;
        if (round < 0) continue;
        own.push(took[0]);
        others.push(took[1]);
      }
      const ratio = median(own.map((value, round) => value / (others[round] ?? Number.NaN)));
      rows.push([race.name, toFigure(median(own)), race.peer, toFigure(median(others)), toFigure(ratio)]);
      if (race.hasGoal)
        goals.push(formatGoal({ name: race.name, value: ratio, most: goalRatio, unit: "times ripgrep" }));
    }
    const title = `Search in ${files.toLocaleString("en")} files`;
    return [title, "", formatTable(["tool", "ms", "beside", "ms", "ratio"], rows), "", ...goals].join("\n");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function racesIn(dir: string): readonly Race[] {
  const call = (tool: Parameters<typeof runTool>[0], input: object) => (): Promise<unknown> =>
    runTool(tool, input, { dir });
  const rg =
    (...args: readonly string[]) =>
    (): Promise<unknown> =>
      ripgrep(dir, args);
  const walk = ["--hidden", "--glob=!.git", "--no-require-git"];
  return [
    {
      name: "grep, a word in few files",
      tool: call(grep(), { pattern: "needle" }),
      peer: "rg -n",
      other: rg(...walk, "-n", "needle", "./"),
      hasGoal: true,
    },
    {
      name: "grep, a word in every file",
      tool: call(grep(), { pattern: "return \\w+" }),
      peer: "rg -c",
      other: rg(...walk, "-c", "return \\w+", "./"),
      hasGoal: true,
    },
    {
      name: "grep, files only",
      tool: call(grep(), { pattern: "value9\\d\\b", mode: "files" }),
      peer: "rg -l",
      other: rg(...walk, "-l", "value9\\d\\b", "./"),
      hasGoal: true,
    },
    {
      name: "glob **/*7.ts",
      tool: call(glob(), { pattern: "**/*7.ts" }),
      peer: "rg --files -g",
      other: rg(...walk, "--files", "-g", "**/*7.ts"),
      hasGoal: true,
    },
    {
      name: "glob **/*7.ts",
      tool: call(glob(), { pattern: "**/*7.ts" }),
      peer: "fast-glob",
      other: () => fastGlob("**/*7.ts", { cwd: dir, dot: true, ignore: ["**/ignored/**"] }),
      hasGoal: false,
    },
    {
      name: "list_directory of 10 levels",
      tool: call(listDirectory(), { depth: 10, limit: 5_000 }),
      peer: "rg --files",
      other: rg(...walk, "--files"),
      hasGoal: false,
    },
  ];
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

/** ripgrep as somebody would start it, with all of its output read. */
async function ripgrep(cwd: string, args: readonly string[]): Promise<number> {
  const child = spawn(rgPath, ["--no-config", ...args], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  let bytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await once(child, "close");
  return bytes;
}

async function makeTree(dir: string): Promise<void> {
  await writeFile(join(dir, ".gitignore"), "ignored/\n*.log\n");
  for (let folder = 0; folder < files / filesPerFolder; folder++) {
    const path = join(
      dir,
      `area${folder % 20}`,
      `part${folder % 100}`,
      folder % 10 === 0 ? "ignored" : "src",
      `f${folder}`,
    );
    await makeFolder(path);
    const writes = Array.from({ length: filesPerFolder }, (_, index) => {
      const number = folder * filesPerFolder + index;
      const lines = Array.from(
        { length: 20 },
        (_unused, line) => `export function f${line}() { return value${(line * number) % 1000}; }`,
      );
      if (number % 5_003 === 0) lines.push("// needle");
      return writeFile(
        join(path, `file${number}.${number % 3 === 0 ? "md" : "ts"}`),
        `${lines.join("\n")}\n`,
      );
    });
    await Promise.all(writes);
  }
}
