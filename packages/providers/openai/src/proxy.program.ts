// Asks the model at OPENAI_BASE_URL one question and prints the answer; started by proxy.process.test.ts.
import { textOf } from "@agentwerk/core";
import { openai } from "./openai.ts";

const model = openai("gpt-5");
const { content } = await model.provider.respond(
  {
    model: model.name,
    system: "You answer.",
    messages: [{ role: "user", content: [{ type: "text", text: "through the proxy" }] }],
    tools: [],
    toolChoice: "auto",
  },
  {},
);
process.stdout.write(textOf(content));
