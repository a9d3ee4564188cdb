// The configuration inside the bundle: one agent, on the model whose provider and key are the bundle's settings.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { modelFromEnv } from "@agentwerk/providers";
import { webFetch } from "@agentwerk/tools-web";

const {
  AGENTWERK_DIRECTORY: directory = "",
  AGENTWERK_PROVIDER: provider = "",
  AGENTWERK_API_KEY: key = "",
} = process.env;
const vendor = provider.trim().toLowerCase();
if (!["anthropic", "openai", "mistral"].includes(vendor)) {
  throw new Error(
    `The setting "Model provider" is ${JSON.stringify(provider)}; it is anthropic, openai or mistral.`,
  );
}
if (directory === "") throw new Error('The setting "Directory" is empty; choose where tickets are kept.');
mkdirSync(directory, { recursive: true });
const env = { ...process.env, LITELLM_PROVIDER: vendor, [`${vendor.toUpperCase()}_API_KEY`]: key };

export default {
  dir: join(directory, ".agentwerk"),
  knowledge: join(directory, "knowledge"),
  agents: [
    {
      name: "assistant",
      model: await modelFromEnv({ env }),
      role: "You work tickets that somebody filed from a chat. Find out what you need, do the task whole, and write a result that can be read without the conversation.",
      tools: [webFetch(), { tool: "ask_human" }],
      dir: directory,
      concurrency: 4,
      policy: { maxTurns: 50 },
    },
  ],
};
