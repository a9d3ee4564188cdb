import {
  type Conversation,
  type ConversationTool,
  lastToolResults,
  type Reply,
  startSimulator,
} from "@agentwerk/llm-simulator";

export interface SimulatedModel {
  /** What an example needs in its environment to reach the model through the OpenAI provider. */
  env: Record<string, string>;
  close(): Promise<void>;
}

/** A model that calls each tool once, then finishes with a result that fits the schema; without tools it says a sentence. */
export async function startSimulatedModel(): Promise<SimulatedModel> {
  const simulator = await startSimulator({ respond });
  return {
    env: {
      OPENAI_API_KEY: "simulated",
      OPENAI_BASE_URL: simulator.baseUrl,
      OPENAI_MODEL: "simulated",
      // Without keys, so that modelFromEnv() does not choose them.
      ANTHROPIC_BASE_URL: simulator.baseUrls.anthropic,
      MISTRAL_BASE_URL: simulator.baseUrls.mistral,
      MODEL: "simulated",
    },
    close: () => simulator.close(),
  };
}

const finishing = ["write_result", "write_handover"];

function respond(conversation: Conversation): Reply {
  const { tools, messages } = conversation;
  const called = new Set(messages.flatMap(({ toolCalls }) => toolCalls.map(({ name }) => name)));
  const next =
    tools.find(({ name }) => !finishing.includes(name) && !called.has(name)) ??
    tools.find(({ name }) => finishing.includes(name));
  if (next === undefined) return { text: "A sentence of the simulated model." };
  const [result] = lastToolResults(conversation);
  return { toolCalls: [{ name: next.name, input: sample(next, result?.text) }] };
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
}

function sample({ name, inputSchema }: ConversationTool, heard: string | undefined): unknown {
  // What is written must not hit the project that the examples run in.
  const path = /write|edit/.test(name) ? "notes.txt" : "package.json";
  return sampleOf(inputSchema as Schema, { name: "", heard, path });
}

/** The smallest value that fits, with what was heard last where text is free. */
function sampleOf(
  schema: Schema,
  hint: { readonly name: string; readonly heard: string | undefined; readonly path: string },
): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name))
          .map(([name, property]) => [name, sampleOf(property, { ...hint, name })]),
      );
    case "array":
      return [];
    case "integer":
    case "number":
      return Math.max(1, schema.minimum ?? 1);
    case "boolean":
      return true;
    default:
      return hint.name.endsWith("path") ? hint.path : (hint.heard ?? "text of the simulated model");
  }
}
