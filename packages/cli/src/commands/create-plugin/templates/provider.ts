import type { Template } from "../template.ts";

export const providerTemplate: Template = {
  description: "Models for agentwerk, from a service that speaks OpenAI's chat completions",
  keywords: ["llm", "provider"],
  peers: ["@agentwerk/openai"],
  testPackages: ["@agentwerk/llm-simulator"],
  usage: ({ packageName, slug, upper }) => `import { defineConfig } from "agentwerk";

// ${upper}_API_KEY is read from the environment.
export default defineConfig({
  plugins: ["${packageName}"],
  model: "${slug}:a-model",
});`,
  files: ({ slug, camel, packageName, upper }) => ({
    "src/index.ts": `import { definePlugin, type Plugin } from "@agentwerk/core";
import { ${camel} } from "./${slug}.ts";

export { ${camel} };

/** Lets a configuration name models: \`"${slug}:a-model"\`. */
export function plugin(): Plugin {
  return definePlugin({ name: "${packageName}", providers: { ${JSON.stringify(slug)}: (name) => ${camel}(name) } });
}
`,
    [`src/${slug}.ts`]: `import { type Model, defineModel, type Price } from "@agentwerk/core";
import { type OpenAIProviderOptions, openaiProvider } from "@agentwerk/openai";

export interface ModelOptions extends OpenAIProviderOptions {
  /** Tokens that a request and its reply may hold together. */
  readonly contextWindow?: number | undefined;
  /** Without a price, \`maxCost\` refuses the model. */
  readonly price?: Price | undefined;
}

const usualBaseUrl = "https://api.${slug}.example/v1";

/**
 * A model of the service. The key comes from \`${upper}_API_KEY\`, the address from \`${upper}_BASE_URL\`, unless given.
 * A service with a wire format of its own implements \`Provider\` instead; @agentwerk/core/provider-kit has what providers
 * over HTTP need.
 * @throws AgentwerkError \`invalid_input\` without a key.
 */
export function ${camel}(name: string, options: ModelOptions = {}): Model {
  const { contextWindow, price, env = process.env, ...rest } = options;
  return defineModel({
    name,
    provider: openaiProvider({
      apiKey: env.${upper}_API_KEY,
      baseUrl: env.${upper}_BASE_URL || usualBaseUrl,
      // OpenAI's own variables are not for this service.
      env: {},
      ...rest,
    }),
    contextWindow,
    price,
  });
}
`,
    [`src/${slug}.test.ts`]: `import { providerSuite, simulatorBench } from "@agentwerk/core/testing";
import { startSimulator } from "@agentwerk/llm-simulator";
import { expect, test } from "vitest";
import { ${camel} } from "./${slug}.ts";

const unsigned = "chat completions have no place for it";

providerSuite({
  name: "${slug}",
  skip: { hidden_reasoning: unsigned, signed_reasoning: unsigned, hidden_reasoning_sent_back: unsigned },
  async open() {
    const simulator = await startSimulator();
    return simulatorBench({
      simulator,
      model: "a-model",
      provider: ({ apiKey, timeoutMs, idleTimeoutMs, baseUrl }) =>
        ${camel}("a-model", {
          apiKey,
          baseUrl: baseUrl ?? simulator.baseUrl,
          timeout: timeoutMs,
          idleTimeout: idleTimeoutMs,
        }).provider,
    });
  },
});

test("key and address come from the environment", async () => {
  await using simulator = await startSimulator({ script: ["Hi."], apiKey: "secret" });
  const model = ${camel}("a-model", { env: { ${upper}_API_KEY: "secret", ${upper}_BASE_URL: simulator.baseUrl } });
  const { content } = await model.provider.respond(
    {
      model: model.name,
      system: "",
      messages: [{ role: "user", content: [{ type: "text", text: "Hello." }] }],
      tools: [],
      toolChoice: "auto",
    },
    {},
  );
  expect(content).toEqual([{ type: "text", text: "Hi." }]);
});
`,
  }),
};
