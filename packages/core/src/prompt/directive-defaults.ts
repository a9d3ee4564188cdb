import type { Directives } from "../agent/agent-definition.ts";

/** Every text that the loop says to a model, in one place; an agent's `directives` replace single ones. */
export const directiveDefaults: Directives = {
  finishMissing:
    "Your turn ended without finishing the ticket. If the work is done, call write_result with the result now. If it is not, go on with the next tool call. If it cannot be done, call write_result with what you found and say why.",
  replyTruncated:
    "Your reply was cut off at the limit of output tokens and was not used. Answer again, shorter: split large output over several tool calls.",
  callTruncated:
    "Not run: your reply was cut off at the limit of output tokens, so the arguments may be incomplete. Call again with less output at once.",
  replyEmpty: "Your reply was empty. Go on with the ticket, or finish it if the work is done.",
  answerInvalid:
    "Your answer does not have the form that was asked for:\n{issues}\nAnswer with nothing but one JSON value that fits the schema.",
  resultInvalid: "The result was not accepted:\n{issues}\nMend these points and call the tool again.",
  toolUnknown: "There is no tool named {tool}. The tools are: {tools}.",
  inputMalformed:
    "Not run: the arguments of {tool} were not valid JSON:\n{input}\nCall again with one JSON object.",
  inputInvalid:
    "Not run: the arguments of {tool} do not fit its schema:\n{issues}\nMend these points and call again.",
  toolTimedOut:
    "{tool} was stopped after {duration}. It may have had a part of its effect: check before you call it again.",
  callInterrupted:
    "The call of {tool} was interrupted and its effect is unknown: it may or may not have happened. Check the state of things first; call again only if it did not happen.",
  callRejected:
    "Not run: a person rejected this call of {tool}. Reason: {reason}. Do not call it again in the same way.",
  callSkipped: "Not run: another call of the same turn already decided the ticket.",
  summaryRole:
    "You summarise the middle of a conversation between an agent and its tools, so that the agent can go on with your summary in its place. You write what is needed to continue, and nothing else.",
  summaryTask:
    "Summarise the conversation above for the agent that goes on with it. Keep: what was asked and decided, what was done and found (with exact names, paths, numbers and quotations that are still needed), what failed and why, what a person said, and what remains to be done. Leave out greetings, repeated output and dead ends that teach nothing. At most 600 words.",
  callsRepeated:
    "You have made the same calls with the same arguments {count} times in a row, and they brought the same results. Do something else: another tool, other arguments, or finish with what you have and say what is missing.",
  outputCut:
    "[The middle was left out: {shown} of {total} characters are shown. The whole output is in {path}; read the parts that you need.]",
};
