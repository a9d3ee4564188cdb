import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Simulator, type SimulatorOptions, startSimulator } from "@agentwerk/llm-simulator";
import { afterEach, beforeEach } from "vitest";
import { simulatedChat } from "../model/simulated-chat.ts";
import { type TerminalOptions, TerminalSession } from "./terminal-session.ts";

export const ctrlC = "\u0003";

export interface StartOptions extends Omit<TerminalOptions, "cwd"> {
  readonly argv?: readonly string[];
}

/** A model of the test's own, and the environment by which a session uses it. */
export interface TestModel {
  readonly simulator: Simulator;
  readonly env: Readonly<Record<string, string>>;
}

export interface TerminalSessions {
  /** A path in the folder of the test, which begins with a `notes.txt` of two lines. */
  file(name: string): string;
  start(options?: StartOptions): TerminalSession;
  /** A session that was greeted and waits. */
  greeted(options?: StartOptions): Promise<TerminalSession>;
  model(options: SimulatorOptions): Promise<TestModel>;
  /** The usual model, with answers that take their time. */
  slowModel(tokensPerSecond: number): Promise<TestModel>;
}

/** A folder for each test of a file, with what runs in it until the test ends; called at the top, before any test. */
export function terminalSessions(): TerminalSessions {
  let dir = "";
  const sessions: TerminalSession[] = [];
  const simulators: Simulator[] = [];

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "terminal-repl-"));
    await writeFile(join(dir, "notes.txt"), "first line\nsecond line\n");
  });

  afterEach(async () => {
    for (const session of sessions.splice(0)) session[Symbol.dispose]();
    for (const simulator of simulators.splice(0)) await simulator.close();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  const start = ({ argv = [], ...options }: StartOptions = {}): TerminalSession => {
    const session = new TerminalSession(argv, { cwd: dir, ...options });
    sessions.push(session);
    return session;
  };
  const model = async (options: SimulatorOptions): Promise<TestModel> => {
    const simulator = await startSimulator(options);
    simulators.push(simulator);
    return { simulator, env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "test-model" } };
  };
  return {
    file: (name) => join(dir, name),
    start,
    async greeted(options) {
      const session = start(options);
      await session.prompts();
      return session;
    },
    model,
    slowModel: (tokensPerSecond) => model({ respond: simulatedChat, tokensPerSecond, tokensPerEvent: 1 }),
  };
}
