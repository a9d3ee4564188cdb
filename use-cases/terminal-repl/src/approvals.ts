import { type JsonValue, type PendingCall, toErrorMessage } from "@agentwerk/core";
import type { Terminal } from "@agentwerk/use-cases-shared";
import { sanitizeLine } from "@agentwerk/use-cases-shared";
import type { Verdict } from "./chat/chat.ts";
import type { ChatTools } from "./chat/chat-tools.ts";
import type { Keyboard, Line } from "./keyboard/keyboard.ts";
import { prompts } from "./prompts.ts";
import { describeCall } from "./show/describe-call.ts";
import { escapeHidden } from "./show/escape-hidden.ts";

export interface ApprovalOptions {
  readonly keyboard: Keyboard;
  readonly terminal: Terminal;
  readonly tools: ChatTools;
}

/** What the person decided; `stop` also ends the turn. */
export interface Approval {
  readonly verdict: Verdict;
  readonly stop: boolean;
}

const question = "  [y]es, [n]o, [e]dit, [a]lways for this tool? ";

/** Shows a call as it would run and asks until there is an answer. */
export async function askApproval(call: PendingCall, options: ApprovalOptions): Promise<Approval> {
  const { keyboard, terminal, tools } = options;
  if (!tools.asks(call.tool)) return { verdict: { kind: "approve" }, stop: false };
  terminal.write(`${describeCall(call, terminal)}\n`);
  for (;;) {
    const line = await keyboard.readLine({ prompt: question, discardTyped: true });
    if (line.kind !== "line") return stopped;
    const answer = await understand(line.text.trim(), { call, ...options });
    if (answer !== undefined) return answer;
  }
}

const stopped: Approval = { verdict: { kind: "reject", reason: prompts["rejected-interrupt"] }, stop: true };

async function understand(
  text: string,
  { call, keyboard, terminal, tools }: ApprovalOptions & { readonly call: PendingCall },
): Promise<Approval | undefined> {
  const [, letter = "", rest = ""] = /^(\p{L}*)\s*([\s\S]*)$/u.exec(text) ?? [];
  switch (letter.toLowerCase()) {
    case "y":
    case "yes":
      return { verdict: { kind: "approve" }, stop: false };
    case "a":
    case "always":
      tools.trust(call.tool);
      return { verdict: { kind: "approve" }, stop: false };
    case "n":
    case "no":
      return rest === "" ? await askReason(keyboard) : rejected(rest);
    case "e":
    case "edit":
      return editCall(call, { keyboard, terminal });
    default:
      terminal.write("  Answer y, n (and why), e or a.\n");
      return undefined;
  }
}

async function askReason(keyboard: Keyboard): Promise<Approval> {
  const line = await keyboard.readLine({ prompt: "  Why? (told to the model; Enter for no reason) " });
  return line.kind === "line" ? rejected(line.text.trim()) : stopped;
}

function rejected(reason: string): Approval {
  return { verdict: { kind: "reject", reason: reason === "" ? "no reason was given" : reason }, stop: false };
}

/** The arguments as JSON, to be changed; back to the question when the line is left. */
async function editCall(
  { input }: PendingCall,
  { keyboard, terminal }: Pick<ApprovalOptions, "keyboard" | "terminal">,
): Promise<Approval | undefined> {
  let initial = escapeHidden(JSON.stringify(input));
  for (;;) {
    const line: Line = await keyboard.readLine({ prompt: "  > ", initial });
    if (line.kind !== "line" || line.text.trim() === "") return undefined;
    try {
      const edited: JsonValue = JSON.parse(line.text);
      return { verdict: { kind: "approve", input: edited }, stop: false };
    } catch (error) {
      terminal.write(`  That is not JSON: ${sanitizeLine(toErrorMessage(error))}\n`);
      initial = line.text;
    }
  }
}
