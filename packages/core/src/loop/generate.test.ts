import { expect, it } from "vitest";
import { textBlock, textOf } from "../provider/content.ts";
import { TicketSystem } from "../system/ticket-system.ts";
import {
  calls,
  fails,
  type ScriptStep,
  says,
  scriptedProvider,
  writesResult,
} from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";

function system(script: readonly ScriptStep[]) {
  const provider = scriptedProvider(script);
  const ask = defineTool({
    name: "ask",
    description: "Asks the model.",
    input: { type: "object", properties: {} },
    readOnly: true,
    async run(_input, { generate }) {
      const messages = [{ role: "user" as const, content: [textBlock("one word")] }];
      const { content } = await generate({ system: "You are brief.", messages, maxOutputTokens: 5 });
      return textOf(content);
    },
  });
  const tickets = new TicketSystem();
  tickets.agent({
    model: provider.model,
    role: "You work.",
    tools: [ask],
    policy: { requestRetryDelay: 1, maxRequestRetries: 1 },
  });
  return { tickets, provider };
}

it("a tool asks the agent's model aside from the conversation, and the ticket's work counts it", async () => {
  const { tickets, provider } = system([calls(["ask", {}]), says("brief"), writesResult("done")]);
  const handle = await tickets.task("work");
  await tickets.runDry();

  expect(provider.requests[1]).toMatchObject({
    system: "You are brief.",
    messages: [{ role: "user", content: [textBlock("one word")] }],
    tools: [],
    toolChoice: "none",
    maxOutputTokens: 5,
  });
  expect(JSON.stringify(provider.requests[2]?.messages.at(-1))).toContain("brief");
  expect((await handle.get()).work).toMatchObject({ requests: 3, turns: 2 });
});

it("a request that fails is told to the tool after its retries", async () => {
  const { tickets, provider } = system([
    calls(["ask", {}]),
    fails("overloaded"),
    fails("overloaded"),
    writesResult("done"),
  ]);
  await tickets.task("work");
  await tickets.runDry();

  expect(JSON.stringify(provider.requests[3]?.messages.at(-1))).toContain("given up after 2 tries");
});

it("tools of one turn that ask at the same time are answered one after the other where a budget holds", async () => {
  let [under, most] = [0, 0];
  const slowly = async () => {
    most = Math.max(most, ++under);
    await new Promise((resolve) => setTimeout(resolve, 5));
    under--;
    return says("word");
  };
  const { tickets } = system([
    calls(["ask", {}], ["ask", {}], ["ask", {}]),
    slowly,
    slowly,
    slowly,
    writesResult("done"),
  ]);
  const handle = await tickets.task("work", { budget: { maxOutputTokens: 1_000_000 } });
  await tickets.runDry();

  expect(await handle.result()).toBe("done");
  expect(most).toBe(1);
});

it("a call whose time is up asks the model no more", async () => {
  const left = Promise.withResolvers<unknown>();
  const provider = scriptedProvider([calls(["ask", {}]), writesResult("done")]);
  const late = defineTool({
    name: "ask",
    description: "Asks the model too late.",
    input: { type: "object", properties: {} },
    timeout: 1,
    async run(_input, { generate, signal }) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      const asked = generate({ messages: [{ role: "user", content: [textBlock("one word")] }] });
      left.resolve(asked.catch((error: unknown) => error));
      await asked;
      return "too late";
    },
  });
  const tickets = new TicketSystem();
  tickets.agent({ model: provider.model, role: "You work.", tools: [late] });
  const handle = await tickets.task("work");
  await tickets.runDry();

  expect(await left.promise).toMatchObject({ name: "TimeoutError" });
  expect(await handle.result()).toBe("done");
  expect(provider.requests).toHaveLength(2);
});
