import type { Ticket, TicketSystem, UnclaimedTicket } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import type { Interrupts } from "../../cli/interrupts.ts";
import { sanitize, sanitizeLine } from "../../show/sanitize.ts";

/** Asks the person at the terminal what parked tickets wait for; answers whether anything was answered. */
export async function answerWaiting(options: {
  readonly tickets: TicketSystem;
  readonly unclaimed: readonly UnclaimedTicket[];
  readonly interrupts: Interrupts;
  readonly context: CommandContext;
}): Promise<boolean> {
  const { tickets, unclaimed, interrupts, context } = options;
  if (process.stdin.isTTY !== true || !context.out.isTerminal) return false;
  let answered = false;
  for (const { key, reason } of unclaimed) {
    if (reason !== "parked") continue;
    const ticket = await tickets.get(key);
    if (ticket?.waiting === undefined) continue;
    const wasAnswered = await answerOne(tickets, ticket);
    if (wasAnswered === "interrupted") {
      interrupts.press();
      return false;
    }
    answered ||= wasAnswered;
  }
  return answered;
}

async function answerOne(tickets: TicketSystem, { key, waiting }: Ticket): Promise<boolean | "interrupted"> {
  const prompts = await import("@clack/prompts");
  if (waiting?.for === "reply") {
    const reply = await prompts.text({
      message: sanitize(waiting.question),
      validate: (value) => checkReply(value),
    });
    if (prompts.isCancel(reply)) return "interrupted";
    await tickets.reply(key, reply, { author: "terminal" });
    return true;
  }
  if (waiting?.for !== "approval") return false;
  for (const call of waiting.calls) {
    const message = `Run ${sanitizeLine(call.tool)} with ${sanitizeLine(JSON.stringify(call.input))}?`;
    const approved = await prompts.confirm({ message, initialValue: false });
    if (prompts.isCancel(approved)) return "interrupted";
    if (approved) await tickets.approve(key, call, { by: "terminal" });
    else await tickets.reject(key, call, { by: "terminal" });
  }
  return true;
}

function checkReply(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? "Say something, or press Ctrl-C." : undefined;
}
