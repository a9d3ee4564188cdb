import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";
import { parseList } from "../../cli/parse-values.ts";

export function replyCommand(perform: Perform): CommandUnknownOpts {
  return new Command("reply")
    .description("Says something on a ticket; wakes it when it waits for a reply.")
    .argument("<key>", "as TICKET-3")
    .argument("<text...>", "what to say; - reads it from standard input")
    .option("--as <name>", "who says it; your user name unless given")
    .option("--json", "print the ticket as JSON")
    .addHelpText("after", formatExamples([['tickets reply TICKET-3 "On Friday, by train."', ""]]))
    .action((key, text, options) =>
      perform(async (context) => {
        const { replyToTicket } = await import("./steer-ticket.ts");
        return replyToTicket({ ...options, key, text }, context);
      }),
    );
}

export function approveCommand(perform: Perform): CommandUnknownOpts {
  return new Command("approve")
    .description(
      "Lets a call run that a ticket waits with. With several calls, name one, or take them all with --all.",
    )
    .argument("<key>", "as TICKET-3")
    .argument("[call]", "its id, from tickets show; needed when there are several")
    .option("--all", "all calls that it waits with")
    .option("--input <json>", "run it with these arguments instead of its own")
    .option("--as <name>", "who approves; your user name unless given")
    .option("--json", "print the ticket as JSON")
    .addHelpText(
      "after",
      formatExamples([
        ["tickets approve TICKET-3", ""],
        [`tickets approve TICKET-3 call_1 --input '{"amount": 3}'`, "with other arguments"],
      ]),
    )
    .action((key, call, options) =>
      perform(async (context) => {
        const { decideCalls } = await import("./steer-ticket.ts");
        return decideCalls({ ...options, key, call, verdict: "approved" }, context);
      }),
    );
}

export function rejectCommand(perform: Perform): CommandUnknownOpts {
  return new Command("reject")
    .description("Refuses a call that a ticket waits with; the agent reads the reason.")
    .argument("<key>", "as TICKET-3")
    .argument("[call]", "its id, from tickets show; needed when there are several")
    .option("--all", "all calls that it waits with")
    .option("--reason <text>", "told to the agent")
    .option("--as <name>", "who rejects; your user name unless given")
    .option("--json", "print the ticket as JSON")
    .addHelpText("after", formatExamples([['tickets reject TICKET-3 --reason "Too much."', ""]]))
    .action((key, call, options) =>
      perform(async (context) => {
        const { decideCalls } = await import("./steer-ticket.ts");
        return decideCalls({ ...options, key, call, verdict: "rejected" }, context);
      }),
    );
}

export function cancelCommand(perform: Perform): CommandUnknownOpts {
  return new Command("cancel")
    .description("Cancels tickets that are not finished. A query asks first.")
    .argument("<key or query...>", "keys, or AQL")
    .option("--reason <text>", "kept with the event")
    .option("-y, --yes", "do not ask")
    .option("--json", "print the cancelled tickets as a JSON array")
    .addHelpText(
      "after",
      formatExamples([
        ["tickets cancel TICKET-3 TICKET-4", ""],
        ["tickets cancel 'label = scan AND status = todo' --yes", "for scripts"],
      ]),
    )
    .action((query, options) =>
      perform(async (context) => {
        const { cancelTickets } = await import("./steer-tickets.ts");
        return cancelTickets({ ...options, query }, context);
      }),
    );
}

export function retryCommand(perform: Perform): CommandUnknownOpts {
  return new Command("retry")
    .description("Puts failed tickets back on the queue, with their conversations. A query asks first.")
    .argument("<key or query...>", "keys, or AQL")
    .option("--note <text>", "tells the agent what to do otherwise")
    .option("-l, --label <label>", "other labels, for another agent", parseList)
    .option("-m, --model <model>", "another model, as anthropic:claude-opus-5")
    .option("-y, --yes", "do not ask")
    .option("--json", "print the tickets as a JSON array")
    .addHelpText(
      "after",
      formatExamples([
        ['tickets retry TICKET-3 --note "Read the file first."', ""],
        ["tickets retry 'failure = turns_exhausted' --yes", "for scripts"],
      ]),
    )
    .action((query, options) =>
      perform(async (context) => {
        const { retryTickets } = await import("./steer-tickets.ts");
        return retryTickets({ ...options, query }, context);
      }),
    );
}
