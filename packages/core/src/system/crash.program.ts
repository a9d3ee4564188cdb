// A worker process for crash.process.test.ts: works the tickets of a directory until it is killed or the queue is dry.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { AgentOptions } from "../agent/agent-definition.ts";
import type { ModelRequest } from "../provider/provider.ts";
import { calls, type ScriptedReply, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";
import { writeHandover } from "../tool/write-handover.ts";
import { TicketSystem } from "./ticket-system.ts";

const [dir = ".", mode = "drain"] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const anything = { type: "object", properties: {} } as const;

/** Answers of the model so far in a request. */
const answersIn = ({ messages }: ModelRequest): number =>
  messages.filter(({ role }) => role === "assistant").length;

const look = defineTool({
  name: "look",
  description: "Looks.",
  input: anything,
  readOnly: true,
  run: () => "seen",
});

/** Has its effect, says so, and then never returns. */
const pay = defineTool({
  name: "pay",
  description: "Pays.",
  input: anything,
  async run(_input, { callId }) {
    appendFileSync(join(dir, "payments.txt"), `${callId}\n`);
    say("effect");
    await delay(60_000);
    return "paid";
  },
});

/** Stops its own process like a machine that stalls, then returns as if nothing had happened. */
const stall = defineTool({
  name: "stall",
  description: "Stalls.",
  input: anything,
  readOnly: true,
  run() {
    say("stalling");
    process.kill(process.pid, "SIGSTOP");
    return "back again";
  },
});

const modes: Record<string, (request: ModelRequest) => ScriptedReply> = {
  "mid-turn"(request) {
    if (answersIn(request) === 0) return calls(["look", {}]);
    say("asking");
    return { hangs: true };
  },
  "mid-tool": () => calls(["pay", {}]),
  stalled: (request) =>
    answersIn(request) === 0 ? calls(["stall", {}]) : writesResult("from the stale worker"),
  handover(request) {
    const depth = Number(/depth (\d+)/.exec(JSON.stringify(request.messages))?.[1]);
    if (depth === 0) return writesResult("bottom");
    return calls(["write_handover", { result: depth, task: `depth ${depth - 1}` }]);
  },
  drain: () => writesResult(process.pid),
};

const script = scriptedProvider((request) => (modes[mode] ?? (() => writesResult("done")))(request));
const tickets = new TicketSystem({ dir, leaseDuration: "500ms", policy: { maxHandovers: 100 } });
const count = mode === "drain" ? 8 : 1;
for (let index = 0; index < count; index++) {
  const agent: AgentOptions = { name: `agent-${index}`, model: script.model, role: "You work." };
  tickets.agent({ ...agent, tools: [look, pay, stall, ...(mode === "handover" ? [writeHandover()] : [])] });
}
say("started");
const results = await tickets.runDry();
say(JSON.stringify({ reason: results.reason, done: results.all.length }));
await tickets.close();
