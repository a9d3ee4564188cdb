import { anthropic } from "@agentwerk/anthropic";
import { unknownContextWindow } from "@agentwerk/core";
import { litellm } from "@agentwerk/litellm";
import { startSimulator } from "@agentwerk/llm-simulator";
import { mistral } from "@agentwerk/mistral";
import { openai } from "@agentwerk/openai";
import { describe, expect, test } from "vitest";
import { detectProvider } from "./detect-provider.ts";
import { modelFromEnv } from "./model-from-env.ts";
import { type MakeModel, vendors } from "./vendors.ts";

const OPENAI_API_KEY = "sk-0123456789";

test("the vendors' functions take the options that are handed to them", () => {
  const makers: readonly MakeModel[] = [litellm, mistral, anthropic, openai];
  expect(makers.map(({ name }) => name)).toEqual(vendors.map(({ name }) => name));
});

describe("detectProvider", () => {
  test.each([
    [{}, undefined],
    [{ OPENAI_API_KEY: "" }, undefined],
    [{ OPENAI_API_KEY }, ["openai", "OPENAI_API_KEY"]],
    [{ OPENAI_BASE_URL: "http://localhost:11434/v1" }, ["openai", "OPENAI_BASE_URL"]],
    [{ OPENAI_API_KEY, ANTHROPIC_API_KEY: "a" }, ["anthropic", "ANTHROPIC_API_KEY"]],
    [{ ANTHROPIC_API_KEY: "a", MISTRAL_API_KEY: "m" }, ["mistral", "MISTRAL_API_KEY"]],
    [{ MISTRAL_API_KEY: "m", LITELLM_API_KEY: "l" }, ["litellm", "LITELLM_API_KEY"]],
    [{ MISTRAL_API_KEY: "m", LITELLM_BASE_URL: "http://localhost:4000" }, ["litellm", "LITELLM_BASE_URL"]],
    [{ OPENAI_API_KEY, LITELLM_API_KEY: " ", LITELLM_PROVIDER: "" }, ["openai", "OPENAI_API_KEY"]],
    [{ ANTHROPIC_BASE_URL: "http://localhost:1" }, undefined],
    [{ LITELLM_API_KEY: "l", LITELLM_PROVIDER: "OpenAI" }, ["openai", "LITELLM_PROVIDER"]],
    [{ OPENAI_API_KEY, LITELLM_PROVIDER: "nobody" }, undefined],
  ])("%j", (env, expected) => {
    const found = detectProvider(env);
    expect(found && [found.provider, found.variable]).toEqual(expected);
  });
});

describe("modelFromEnv", () => {
  test("takes key, URL and window from the environment, and the model answers", async () => {
    await using simulator = await startSimulator({ script: ["Hi."], apiKey: OPENAI_API_KEY });
    const env = { OPENAI_API_KEY, OPENAI_BASE_URL: simulator.baseUrl, MODEL_CONTEXT_WINDOW: "1234" };
    const model = await modelFromEnv({ env });
    const response = await model.provider.respond(
      {
        model: model.name,
        system: "",
        messages: [{ role: "user", content: [{ type: "text", text: "Hello." }] }],
        tools: [],
        toolChoice: "auto",
      },
      {},
    );
    expect(model).toMatchObject({ name: "gpt-5", contextWindow: 1234 });
    expect(response.content).toEqual([{ type: "text", text: "Hi." }]);
  });

  test("an option goes before OPENAI_MODEL, that before MODEL, that before the default", async () => {
    const env = { OPENAI_API_KEY, OPENAI_MODEL: "", MODEL: "gpt-4o" };
    expect((await modelFromEnv({ env })).name).toBe("gpt-4o");
    expect((await modelFromEnv({ env: { ...env, OPENAI_MODEL: "gpt-4.1" } })).name).toBe("gpt-4.1");
    expect((await modelFromEnv({ env, model: "gpt-5-mini" })).name).toBe("gpt-5-mini");
  });

  test.each(vendors.filter(({ defaultModel }) => defaultModel !== undefined))(
    "a key of $name alone leads to its default model, whose window and price are known",
    async ({ name, prefix, defaultModel }) => {
      const model = await modelFromEnv({ env: { [`${prefix}_API_KEY`]: OPENAI_API_KEY } });
      expect(model).toMatchObject({ name: defaultModel, provider: { name } });
      expect(model.contextWindow).toBeGreaterThan(unknownContextWindow);
      expect(model.price).toBeDefined();
    },
  );

  test("a local server needs no key", async () => {
    const env = { OPENAI_BASE_URL: "http://localhost:11434/v1", MODEL: "llama" };
    expect((await modelFromEnv({ env })).name).toBe("llama");
  });

  test("LITELLM_PROVIDER goes before all keys, and takes a server without a key", async () => {
    const env = { OPENAI_API_KEY, LITELLM_PROVIDER: "litellm", LITELLM_BASE_URL: "http://localhost:4000/v1" };
    const model = await modelFromEnv({ env: { ...env, LITELLM_MODEL: "anthropic/claude-sonnet-5-5" } });
    expect(model).toMatchObject({ name: "anthropic/claude-sonnet-5-5", provider: { name: "litellm" } });
  });

  test("loads the vendor's package, and no other, by the way that it is given", async () => {
    const asked: string[] = [];
    const load = (packageName: string) => {
      asked.push(packageName);
      return Promise.resolve({ mistral: (name: string) => openai(name, { apiKey: OPENAI_API_KEY }) });
    };
    const model = await modelFromEnv({ env: { MISTRAL_API_KEY: "m", MODEL: "gpt-4.1" }, load });
    expect(model).toMatchObject({ name: "gpt-4.1", provider: { name: "openai" } });
    expect(asked).toEqual(["@agentwerk/mistral"]);

    const refusal = new Error("not here: pnpm add @agentwerk/mistral");
    const refuse = () => Promise.reject(refusal);
    await expect(modelFromEnv({ env: { MISTRAL_API_KEY: "m" }, load: refuse })).rejects.toBe(refusal);
  });

  test.each([
    [{}, "set one of LITELLM_API_KEY, MISTRAL_API_KEY, ANTHROPIC_API_KEY, OPENAI_API_KEY"],
    [{ LITELLM_PROVIDER: "nobody" }, 'LITELLM_PROVIDER is "nobody"; choose one of litellm, mistral'],
    [{ LITELLM_PROVIDER: "openai" }, "OPENAI_API_KEY is not set; set it, or OPENAI_BASE_URL for"],
    [{ LITELLM_API_KEY: "l" }, "set LITELLM_MODEL or MODEL"],
    [{ OPENAI_API_KEY, MODEL_CONTEXT_WINDOW: "big" }, 'MODEL_CONTEXT_WINDOW is "big"'],
  ])("%j is refused with the variable to set", async (env, message) => {
    await expect(modelFromEnv({ env })).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining(message),
    });
  });
});
