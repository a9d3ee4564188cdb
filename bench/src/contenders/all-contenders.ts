import type { Contender } from "../measure/contender.ts";
import { simulatorVariable } from "../simulators/simulator-process.ts";

/** Loaded by name, so that a contender's process holds nothing of the others. */
export const allContenders: Readonly<Record<string, () => Promise<Contender>>> = {
  "hand-written": async () => (await import("./hand-written-in-process.ts")).handWrittenInProcess(),
  memory: () => inProcess({}),
  "memory, text": () => inProcess({ isBare: true }),
  "memory, scripted": () => inProcess({ isScripted: true }),
  "SQLite process": () => inProcess({ durability: "process" }),
  "SQLite full": () => inProcess({ durability: "full" }),

  "HTTP fetch": async () => (await import("./fetch-loop.ts")).fetchLoop(simulatorUrl()),
  "HTTP SDK": async () => (await import("./openai-sdk-loop.ts")).openaiSdkLoop(simulatorUrl()),
  "HTTP memory": () => overHttp(undefined),
  "HTTP SQLite": () => overHttp("full"),
};

interface InProcessOptions {
  readonly durability?: "full" | "process";
  readonly isBare?: boolean;
  readonly isScripted?: boolean;
}

async function inProcess({ durability, isBare = false, isScripted }: InProcessOptions): Promise<Contender> {
  const { agentwerk } = await import("./agentwerk.ts");
  const { answer, answerInText, inProcessModel } = await import("./in-process-model.ts");
  const store = await storeOf(durability);
  if (isScripted === true) {
    const { scriptedProvider } = await import("@agentwerk/core/testing");
    return agentwerk({ ...store, model: scriptedProvider((request) => answer(request)).model });
  }
  return agentwerk({ ...store, isBare, model: inProcessModel(isBare ? answerInText : answer) });
}

async function overHttp(durability: "full" | undefined): Promise<Contender> {
  const { agentwerk } = await import("./agentwerk.ts");
  const { openai } = await import("@agentwerk/openai");
  const model = openai("bench", { baseUrl: simulatorUrl(), apiKey: "sk-bench", env: {} });
  return agentwerk({ ...(await storeOf(durability)), model, isStreamed: true });
}

async function storeOf(durability: "full" | "process" | undefined) {
  if (durability === undefined) return {};
  const { sqliteFolder } = await import("./sqlite-folder.ts");
  return { store: sqliteFolder(durability) };
}

function simulatorUrl(): string {
  const url = process.env[simulatorVariable];
  if (url === undefined) throw new Error(`${simulatorVariable} is not set.`);
  return url;
}
