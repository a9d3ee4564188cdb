// A worker process for asked-crash.process.test.ts: works the ticket of each directory to its end, is also the person who
// approves and answers, and dies by SIGKILL after so many transactions, or with `effect` in the middle of a payment.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { textBlock } from "../provider/content.ts";
import { calls, says, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { isFinal } from "../ticket/ticket.ts";
import { defineTool } from "../tool/define-tool.ts";
import { askPerson } from "../tool/tool-result.ts";
import { TicketSystem } from "./ticket-system.ts";

const [killAt = "never", ...dirs] = process.argv.slice(2);
const die = (): void => void process.kill(process.pid, "SIGKILL");

function open(dir: string): TicketSystem {
  const note = (file: string, line: string): void => appendFileSync(join(dir, file), `${line}\n`);
  const { model } = scriptedProvider(({ tools, messages }) => {
    const usage = { inputTokens: 10, outputTokens: 10 };
    if (tools.length === 0) return { ...says("brief"), usage };
    const answers = messages.filter(({ role }) => role === "assistant").length;
    note("requests.txt", `${answers}`);
    if (answers > 0) return { ...writesResult("done"), usage };
    return { ...calls(["look", {}], ["pay", { to: "ann" }], ["pay", { to: "bob" }]), usage };
  });
  const input = { type: "object", properties: { to: { type: "string" } } } as const;
  const look = defineTool({ name: "look", description: "Looks.", input, readOnly: true, run: () => "seen" });
  const pay = defineTool({
    name: "pay",
    description: "Pays.",
    input,
    approval: "always",
    async run(given, { answers, callId, generate }) {
      if (JSON.stringify(given).includes("ann") && answers.length === 0) return askPerson("Sure?");
      await generate({ messages: [{ role: "user", content: [textBlock("word")] }], maxOutputTokens: 50 });
      note("payments.txt", callId);
      if (killAt === "effect") die();
      return "paid";
    },
  });
  return new TicketSystem({
    dir,
    leaseDuration: "400ms",
    policy: { maxOutputTokens: 1_000_000, maxRequestTokens: 100, maxAttempts: 100 },
    agents: [{ model, role: "You pay.", tools: [look, pay] }],
  });
}

async function actAsPerson(tickets: TicketSystem): Promise<boolean> {
  const [ticket] = await tickets.find();
  if (ticket === undefined) throw new Error("There is no ticket.");
  if (isFinal(ticket.status)) return false;
  const { key, waiting, decisions = [] } = ticket;
  if (waiting?.for === "reply") await tickets.reply(key, "yes");
  if (waiting?.for === "approval") {
    const open = waiting.calls.filter((call) => !decisions.some(({ callId }) => callId === call.callId));
    for (const call of open) await tickets.approve(key, call);
  }
  return true;
}

let transactions = 0;
for (const dir of dirs) {
  const tickets = open(dir);
  tickets.store.watch(({ origin }) => {
    if (origin === "local" && `${++transactions}` === killAt) die();
  });
  while (await actAsPerson(tickets)) await tickets.runDry();
  await tickets.close();
}
