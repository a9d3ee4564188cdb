import { afterEach, describe, expect, test } from "vitest";
import type { Simulator } from "../simulator.ts";
import { startSimulator } from "../simulator.ts";
import { chat } from "../test-support/chat.ts";
import type { BehaviourOptions } from "./behaviour.ts";
import type { Expectation } from "./expectation.ts";

let simulator: Simulator;

async function start(behaviour: BehaviourOptions): Promise<void> {
  simulator = await startSimulator(behaviour);
}

afterEach(() => simulator.close());

describe("a script", () => {
  test("that was followed to its end is done", async () => {
    await start({ script: ["one", () => "two"] });
    await chat(simulator, {});
    await chat(simulator, {});
    expect(() => simulator.assertFinished()).not.toThrow();
  });

  test("reports the steps that nobody asked for", async () => {
    await start({ script: ["one", { toolCalls: [{ name: "calculate" }] }] });
    await chat(simulator, {});
    expect(() => simulator.assertFinished()).toThrow(
      'Never asked for: step 2: {"toolCalls":[{"name":"calculate"}]}',
    );
  });

  test("refuses a request after its last step, and says so again at the end", async () => {
    await start({ script: ["one"] });
    await chat(simulator, {});
    const { status, json } = await chat(simulator, {});
    expect(status).toBe(400);
    expect(json).toMatchObject({ error: { code: "script_mismatch" } });
    expect(() => simulator.assertFinished()).toThrow("Request 2 was not expected: the script has 1 step");
  });

  test("starts again when it repeats", async () => {
    await start({ script: ["one", "two"], repeatScript: true });
    const replies = [await chat(simulator, {}), await chat(simulator, {}), await chat(simulator, {})];
    expect(replies.map(({ text }) => /"content":"(\w+)"/.exec(text)?.[1])).toEqual(["one", "two", "one"]);
    expect(() => simulator.assertFinished()).not.toThrow();
  });

  const expectations: readonly (readonly [string, Expectation, string])[] = [
    ["model", { model: "gpt-5" }, 'model is "m", expected "gpt-5"'],
    ["user's text", { userText: "Goodbye" }, 'the newest user message does not contain "Goodbye"'],
    ["system prompt", { system: "nice" }, 'the system prompt does not contain "nice"'],
    ["tools", { tools: ["calculate"] }, "no tool calculate; the tools are none"],
    ["results", { toolResults: { calculate: "42" } }, "no result of the tool calculate"],
    ["messages", { messages: 3 }, "messages is 1, expected 3"],
    ["a function", () => "too polite", "too polite"],
    [
      "a throwing function",
      () => {
        throw new Error("too rude");
      },
      "too rude",
    ],
  ];
  test.each(expectations)(
    "refuses a request whose %s is not as expected",
    async (_name, expectation, message) => {
      await start({ script: [{ text: "one", expect: expectation }] });
      expect((await chat(simulator, {})).status).toBe(400);
      expect(() => simulator.assertFinished()).toThrow(message);
    },
  );

  test("a failing function is the test's mistake, not the client's", async () => {
    await start({
      respond: () => {
        throw new Error("oops");
      },
    });
    expect((await chat(simulator, {})).text).toContain("The reply function failed at request 1: oops");
    expect(() => simulator.assertFinished()).toThrow("oops");
  });

  test("use starts anew", async () => {
    await start({ script: ["one"] });
    await chat(simulator, {});
    await chat(simulator, {});
    simulator.use({ script: ["three"] });
    expect(simulator.requestCount).toBe(0);
    expect((await chat(simulator, {})).text).toContain("three");
    expect(() => simulator.assertFinished()).not.toThrow();
  });
});
