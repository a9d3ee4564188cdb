import { randomBytes } from "node:crypto";
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type InputRequests,
  inputRequired,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { type FixtureTool, text } from "./fixture-tool.ts";

type State = Readonly<Record<string, unknown>>;

/** Seals what travels through the client; for the server's `requestState.verify` too. */
export const stateCodec: RequestStateCodec<State> = createRequestStateCodec<State>({ key: randomBytes(32) });

const named = z.object({ name: z.string() });
const sampled = z.looseObject({ content: z.looseObject({ text: z.string() }) });
const rooted = z.looseObject({ roots: z.array(z.looseObject({ uri: z.string() })) });

const askName = (message = "What is your name?") =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  });
const askOk = () =>
  inputRequired.elicit({
    message: "Please confirm",
    requestedSchema: { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] },
  });
const askModel = (question: string) =>
  inputRequired.createMessage({
    messages: [{ role: "user", content: { type: "text", text: question } }],
    maxTokens: 50,
  });

/** Tools that answer with what they still need, as from 2026-07-28. */
export const inputRequiredTools: readonly FixtureTool[] = [
  {
    name: "test_input_required_result_elicitation",
    run(_, { mcpReq }) {
      const answer = acceptedContent(mcpReq.inputResponses, "user_name", named);
      return answer === undefined
        ? inputRequired({ inputRequests: { user_name: askName() } })
        : text(`Hello, ${answer.name}!`);
    },
  },
  {
    name: "test_input_required_result_sampling",
    run(_, { mcpReq }) {
      const answer = sampled.safeParse(mcpReq.inputResponses?.capital_question).data;
      return answer === undefined
        ? inputRequired({ inputRequests: { capital_question: askModel("What is the capital of France?") } })
        : text(`Sampling response: ${answer.content.text}`);
    },
  },
  {
    name: "test_missing_capability",
    run(_, { mcpReq }) {
      return mcpReq.inputResponses?.llm_answer === undefined
        ? inputRequired({ inputRequests: { llm_answer: askModel("Reply with the word pong") } })
        : text("The model answered.");
    },
  },
  {
    name: "test_input_required_result_list_roots",
    run(_, { mcpReq }) {
      const answer = rooted.safeParse(mcpReq.inputResponses?.client_roots).data;
      return answer === undefined
        ? inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
        : text(`Roots: ${answer.roots.map(({ uri }) => uri).join(", ")}`);
    },
  },
  {
    name: "test_input_required_result_request_state",
    async run(_, { mcpReq }) {
      const confirmed = acceptedContent(mcpReq.inputResponses, "confirm") !== undefined;
      if (confirmed && mcpReq.requestState() !== undefined) return text("state-ok: verified and confirmed");
      const requestState = await stateCodec.mint({ nonce: randomBytes(8).toString("hex") });
      return inputRequired({ inputRequests: { confirm: askOk() }, requestState });
    },
  },
  {
    name: "test_input_required_result_tampered_state",
    async run(_, { mcpReq }) {
      const confirmed = acceptedContent(mcpReq.inputResponses, "confirm") !== undefined;
      if (confirmed && mcpReq.requestState() !== undefined) return text("integrity-ok: verified");
      const requestState = await stateCodec.mint({ nonce: randomBytes(8).toString("hex") });
      return inputRequired({ inputRequests: { confirm: askOk() }, requestState });
    },
  },
  {
    name: "test_input_required_result_multiple_inputs",
    async run(_, { mcpReq }) {
      const name = acceptedContent(mcpReq.inputResponses, "user_name", named);
      const greeting = sampled.safeParse(mcpReq.inputResponses?.greeting).data;
      const roots = rooted.safeParse(mcpReq.inputResponses?.client_roots).data;
      if (name !== undefined && greeting !== undefined && roots !== undefined)
        return text(`${greeting.content.text} ${name.name}, ${roots.roots.length} roots`);
      return inputRequired({
        inputRequests: {
          user_name: askName(),
          greeting: askModel("Generate a greeting"),
          client_roots: inputRequired.listRoots(),
        },
        requestState: await stateCodec.mint({ nonce: randomBytes(8).toString("hex") }),
      });
    },
  },
  {
    name: "test_input_required_result_multi_round",
    async run(_, { mcpReq }) {
      const state = mcpReq.requestState<State>();
      if (state?.round === 2) return text(`${String(state.name)} answered both rounds.`);
      if (state?.round === 1) {
        const name = acceptedContent(mcpReq.inputResponses, "step1", named)?.name ?? "nobody";
        return inputRequired({
          inputRequests: { step2: askName("Step 2: what is your favourite colour?") },
          requestState: await stateCodec.mint({ round: 2, name }),
        });
      }
      return inputRequired({
        inputRequests: { step1: askName("Step 1: what is your name?") },
        requestState: await stateCodec.mint({ round: 1 }),
      });
    },
  },
  {
    name: "test_input_required_result_capabilities",
    run(_, context) {
      if (context.mcpReq.inputResponses !== undefined) return text("Answered.");
      const inputRequests = requestsFor(context);
      return Object.keys(inputRequests).length === 0
        ? text("Nothing to ask.")
        : inputRequired({ inputRequests });
    },
  },
];

/** Asks for no more than the client said it can answer. */
function requestsFor({ mcpReq }: ServerContext): InputRequests {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const declared = z.looseObject({}).safeParse(envelope[CLIENT_CAPABILITIES_META_KEY]).data ?? {};
  return {
    ...("elicitation" in declared && { user_name: askName() }),
    ...("sampling" in declared && { greeting: askModel("Generate a greeting") }),
    ...("roots" in declared && { client_roots: inputRequired.listRoots() }),
  };
}
