import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { formatGoal } from "./measure/goal.ts";
import { median } from "./measure/statistics.ts";
import { formatTable, toFigure } from "./measure/table.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));
const modules = [
  "@agentwerk/core",
  "@agentwerk/core/sqlite",
  "@agentwerk/providers",
  "@agentwerk/openai",
  "@agentwerk/anthropic",
  "@agentwerk/mistral",
  "@agentwerk/litellm",
  "@agentwerk/ai-sdk",
  "openai",
];
const goalMs = 30;

/** What `import` adds to the start of a fresh Node, with files in the system's cache. */
export async function measureImports({ rounds }: { readonly rounds: number }): Promise<string> {
  const programs = ["", ...modules.map((module) => `import ${JSON.stringify(module)};`)];
  const times = programs.map((): number[] => []);
  for (let round = -1; round < rounds * 3; round++) {
    for (const [index, program] of programs.entries()) {
      const took = timeOf(program);
      if (round >= 0) times[index]?.push(took);
    }
  }
  const [bare = [], ...others] = times;
  // By difference to the bare start of the same round: the machine's mood counts for both.
  const added = others.map((values) => median(values.map((value, round) => value - (bare[round] ?? 0))));
  const rows = [
    ["bare node", toFigure(median(bare)), ""],
    ...modules.map((module, index) => [
      module,
      toFigure(median(others[index] ?? [])),
      toFigure(added[index] ?? Number.NaN),
    ]),
  ];
  const goal = formatGoal({
    name: "import @agentwerk/core",
    value: added[0] ?? Number.NaN,
    most: goalMs,
    unit: "ms",
  });
  return ["Import time", "", formatTable(["", "ms", "ms added"], rows), "", goal].join("\n");
}

function timeOf(program: string): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: folder,
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}:\n${stderr}`);
  return performance.now() - startedAt;
}
