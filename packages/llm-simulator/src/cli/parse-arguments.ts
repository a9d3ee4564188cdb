import { parseArgs } from "node:util";
import type { ScheduledFault } from "../fault/fault-schedule.ts";
import { SimulatorError } from "../simulator-error.ts";
import type { SimulatorOptions } from "../simulator-options.ts";

export type CliCommand =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "serve"; readonly scriptFile: string | undefined; readonly options: SimulatorOptions };

export const usage = `llm-simulator: a model vendor on your own machine, for tests

  llm-simulator [--port 4010] [--script file.json | --echo] [options]

  --port <number>               default 4010; 0 for any free port. Listens on 127.0.0.1 only
  --script <file.json>          replies in order: [{ "text": "…" }, { "toolCalls": [{ "name": "…", "input": {} }] }, …]
  --repeat                      starts the script again after its last step
  --echo                        says what the user said (the default without a script)
  --fault <name>[:<n>]          a fault at every nth request (default every); may be given several times
  --latency <ms>                before the first byte
  --tokens-per-second <number>  the pace of the reply
  --context-window <tokens>     refuses longer prompts
  --api-key <key>               refuses other keys
  --model <name>                refuses other models; may be given several times
  --prompt-cache                counts repeated prompt beginnings as cached tokens
  --help, --version
`;

/** @throws SimulatorError `invalid_options`, in one line. */
export function parseArguments(argv: readonly string[]): CliCommand {
  const { values } = parseStrictly(argv);
  if (values.help === true) return { kind: "help" };
  if (values.version === true) return { kind: "version" };
  if (values.script !== undefined && values.echo === true)
    refuse("Both --script and --echo are given; give one.");
  if (values.repeat === true && values.script === undefined) refuse("--repeat needs --script.");
  return {
    kind: "serve",
    scriptFile: values.script,
    options: {
      port: toNumber("--port", values.port) ?? 4010,
      repeatScript: values.repeat,
      faults: (values.fault ?? []).map(toScheduledFault),
      latencyMs: toNumber("--latency", values.latency),
      tokensPerSecond: toNumber("--tokens-per-second", values["tokens-per-second"]),
      contextWindow: toNumber("--context-window", values["context-window"]),
      apiKey: values["api-key"],
      models: values.model,
      promptCache: values["prompt-cache"],
    },
  };
}

function parseStrictly(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: "string" },
        script: { type: "string" },
        repeat: { type: "boolean" },
        echo: { type: "boolean" },
        fault: { type: "string", multiple: true },
        latency: { type: "string" },
        "tokens-per-second": { type: "string" },
        "context-window": { type: "string" },
        "api-key": { type: "string" },
        model: { type: "string", multiple: true },
        "prompt-cache": { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean", short: "v" },
      },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.split(". ")[0] : String(cause);
    throw new SimulatorError("invalid_options", `${message}. See llm-simulator --help.`, { cause });
  }
}

function toScheduledFault(text: string): ScheduledFault {
  const [kind = "", every] = text.split(":");
  // The name is checked where all faults are.
  return { fault: kind as Extract<ScheduledFault["fault"], string>, every: toNumber("--fault", every) };
}

function toNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number))
    refuse(`${option} is ${JSON.stringify(text)}; give a number.`);
  return number;
}

function refuse(message: string): never {
  throw new SimulatorError("invalid_options", message);
}
