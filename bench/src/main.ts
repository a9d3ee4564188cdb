// npm run bench [-- [loop] [http] [turns] [imports] [search] [sqlite] [--rounds <number>]]
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { measureImports } from "./import-time.ts";
import { measureHttp, measureLoop } from "./loop-overhead.ts";
import { measureSearch } from "./search.ts";
import { sqliteThroughput } from "./sqlite-throughput.ts";
import { measureTurns } from "./turns/turn-growth.ts";

const benchmarks: Readonly<
  Record<string, (options: { readonly rounds: number }) => Promise<string | undefined>>
> = {
  loop: measureLoop,
  http: measureHttp,
  turns: measureTurns,
  imports: measureImports,
  search: measureSearch,
  // Prints its tables itself, as they come: it takes minutes.
  sqlite: () => sqliteThroughput().then(() => undefined),
};

const { positionals, values } = readArguments();
const rounds = Number(values.rounds ?? 7);
const unknown = positionals.find((name) => !(name in benchmarks));
if (unknown !== undefined)
  refuse(`There is no benchmark ${unknown}; choose from ${Object.keys(benchmarks).join(", ")}.`);
if (!Number.isInteger(rounds) || rounds < 1)
  refuse(`--rounds is ${values.rounds}; give a whole number from 1.`);

console.log(`Node ${process.versions.node}, ${availableParallelism()} cores, ${rounds} rounds\n`);
for (const [name, measure] of Object.entries(benchmarks)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const report = await measure({ rounds });
  if (report !== undefined) console.log(`${report}\n`);
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { rounds: { type: "string" } } });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(message: string): never {
  console.error(`bench: ${message}`);
  process.exit(2);
}
