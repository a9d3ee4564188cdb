import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { startSimulator } from "../simulator.ts";
import { SimulatorError } from "../simulator-error.ts";
import { parseArguments, usage } from "./parse-arguments.ts";
import { readScript } from "./read-script.ts";

/** Serves until it is interrupted; resolves with the exit code: 1 for a wrong option or a script that was not followed. */
export async function runCli(argv: readonly string[]): Promise<number> {
  try {
    const command = parseArguments(argv);
    if (command.kind === "help") return print(usage);
    if (command.kind === "version") return print(`${await readVersion()}\n`);
    const script = command.scriptFile === undefined ? undefined : await readScript(command.scriptFile);
    return await serve({ ...command.options, script });
  } catch (thrown) {
    if (!(thrown instanceof SimulatorError)) throw thrown;
    process.stderr.write(`llm-simulator: ${thrown.message}\n`);
    return 1;
  }
}

async function serve(options: Parameters<typeof startSimulator>[0]): Promise<number> {
  const interruption = interrupted();
  const simulator = await startSimulator(options);
  const { openai, anthropic, mistral } = simulator.baseUrls;
  print(
    `llm-simulator listens on ${openai} (OpenAI), ${anthropic} (Anthropic) and ${mistral} (Mistral); Ctrl-C ends it.\n`,
  );
  await interruption;
  await simulator.close();
  simulator.assertFinished();
  return 0;
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}

async function readVersion(): Promise<string> {
  // By its own name, which leads to the same file from the sources and from the bundle.
  const file = createRequire(import.meta.url).resolve("@agentwerk/llm-simulator/package.json");
  const text = await readFile(file, "utf8");
  return String((JSON.parse(text) as { version?: unknown }).version);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
