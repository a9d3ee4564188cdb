import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";
import {
  parseCount,
  parseInteger,
  parseList,
  parseMoment,
  parsePositive,
  parseVariable,
} from "../../cli/parse-values.ts";
import {
  approveCommand,
  cancelCommand,
  rejectCommand,
  replyCommand,
  retryCommand,
} from "./steering-commands.ts";

const statuses = ["todo", "in_progress", "waiting", "done", "failed", "cancelled"] as const;

const aqlText = `
A query is AQL: label = security AND status IN (todo, waiting) AND created > -2d
ORDER BY priority DESC LIMIT 20. A bare word is a label, a bare TICKET-3 a key.`;

export function ticketsCommand(perform: Perform): CommandUnknownOpts {
  return new Command("tickets")
    .summary("file, find, answer and steer tickets")
    .description("Files, finds, answers and steers the tickets of the configured store. Needs no model.")
    .addCommand(listCommand(perform))
    .addCommand(showCommand(perform))
    .addCommand(createCommand(perform))
    .addCommand(replyCommand(perform))
    .addCommand(approveCommand(perform))
    .addCommand(rejectCommand(perform))
    .addCommand(cancelCommand(perform))
    .addCommand(retryCommand(perform))
    .addCommand(explainCommand(perform))
    .addCommand(watchCommand(perform))
    .addCommand(exportCommand(perform))
    .addCommand(pruneCommand(perform));
}

function listCommand(perform: Perform): CommandUnknownOpts {
  return new Command("list")
    .alias("ls")
    .description("Lists tickets, the newest first.")
    .argument("[query...]", "AQL; all tickets unless given")
    .addOption(new Option("--status <status>", "only of this status").choices(statuses))
    .option("-l, --label <label>", "only with one of these labels; repeat for more", parseList)
    .option("-n, --limit <number>", "at most so many; 50 unless given", parseCount)
    .option("--json", "print a JSON array")
    .addHelpText(
      "after",
      `${formatExamples([
        ["tickets list", "the newest 50"],
        ["tickets list 'security AND status = failed'", "by a query"],
        ["tickets list --json | jq '.[].key'", "for scripts"],
      ])}\n${aqlText}`,
    )
    .action((query, options) =>
      perform(async (context) => {
        const { listTickets } = await import("./list-tickets.ts");
        return listTickets({ ...options, query }, context);
      }),
    );
}

function showCommand(perform: Perform): CommandUnknownOpts {
  return new Command("show")
    .description("Shows a ticket: what it asks, where it stands, its result and its conversation.")
    .argument("<key>", "as TICKET-3")
    .option("--no-replies", "leave the conversation out")
    .option("--json", "print one JSON object, with the conversation")
    .addHelpText("after", formatExamples([["tickets show TICKET-3", ""]]))
    .action((key, options) =>
      perform(async (context) => {
        const { showTicket } = await import("./show-ticket.ts");
        return showTicket({ ...options, key }, context);
      }),
    );
}

function createCommand(perform: Perform): CommandUnknownOpts {
  return new Command("create")
    .description("Files a ticket and prints its key.")
    .argument("<task...>", "what is to be done; - reads it from standard input")
    .option(
      "-l, --label <label>",
      "who takes it: agents with one of these labels, or of this name",
      parseList,
    )
    .option("-s, --schema <file>", "a JSON Schema that the result has to fit")
    .option("-p, --priority <number>", "higher goes first; 0 unless given", parseInteger)
    .option("--not-before <time>", "a date, or a time from now, as 2h", parseMoment)
    .option("--blocked-by <key>", "a ticket that has to be done first; repeat for more", parseList)
    .addOption(
      new Option(
        "--on-blocker-failed <what>",
        "what a blocker that fails does to it; wait unless given",
      ).choices(["wait", "fail"] as const),
    )
    .option("--parent <key>", "the ticket that it belongs to")
    .option("--var <name=value>", "fills {name} in the task and in the agent's role", parseVariable)
    .option("--idempotency-key <text>", "filing again with the same text gives the same ticket")
    .option("--max-cost <dollars>", "what it and all tickets below it may spend", parsePositive)
    .option("--max-input-tokens <number>", "the same in tokens", parseCount)
    .option("--max-output-tokens <number>", "the same in tokens", parseCount)
    .option("--task-json", "the task is JSON, not text")
    .option("-w, --wait", "wait until it is finished, wherever, and print its result")
    .option("--json", "print the ticket as JSON")
    .addHelpText(
      "after",
      formatExamples([
        ['tickets create "Audit src/auth.ts" -l security -p 5', ""],
        ["tickets create - -l report --wait < task.md", "wait for the result"],
        ['tickets create "Nightly check" --idempotency-key 2026-11-22', "once a day"],
      ]),
    )
    .action((task, options) =>
      perform(async (context) => {
        const { createTicket } = await import("./create-ticket.ts");
        return createTicket({ ...options, task }, context);
      }),
    );
}

function explainCommand(perform: Perform): CommandUnknownOpts {
  return new Command("explain")
    .description("Says why a ticket does not move; without a key, why any open ticket does not.")
    .argument("[key]", "as TICKET-3")
    .option("--json", "print JSON")
    .addHelpText("after", formatExamples([["tickets explain TICKET-3", ""]]))
    .action((key, options) =>
      perform(async (context) => {
        const { explainTickets } = await import("./explain-tickets.ts");
        return explainTickets({ ...options, key }, context);
      }),
    );
}

function watchCommand(perform: Perform): CommandUnknownOpts {
  return new Command("watch")
    .description("Shows what happens in the store, whoever does it, until interrupted.")
    .argument("[key]", "only of this ticket")
    .option("--after <id>", "begin behind this event; 0 is the beginning", parseInteger)
    .option("--json", "print each event as a line of JSON")
    .addHelpText(
      "after",
      formatExamples([
        ["tickets watch", "from now on"],
        ["tickets watch TICKET-3 --after 0", "one ticket, from its beginning"],
      ]),
    )
    .action((key, options) =>
      perform(async (context) => {
        const { watchTickets } = await import("./watch-tickets.ts");
        return watchTickets({ ...options, key }, context);
      }),
    );
}

function exportCommand(perform: Perform): CommandUnknownOpts {
  return new Command("export")
    .description("Writes tickets as lines of JSON, in the order in which they were filed.")
    .argument("[query...]", "AQL; all tickets unless given")
    .option("-o, --output <file>", "write there instead of to standard output")
    .option("--replies", "with their conversations")
    .addHelpText("after", formatExamples([["tickets export 'status = done' --replies -o done.jsonl", ""]]))
    .action((query, options) =>
      perform(async (context) => {
        const { exportTickets } = await import("./export-tickets.ts");
        return exportTickets({ ...options, query }, context);
      }),
    );
}

function pruneCommand(perform: Perform): CommandUnknownOpts {
  return new Command("prune")
    .description("Removes finished tickets with their conversations. Statistics and events stay.")
    .argument("<query...>", "AQL; only what is done, failed or cancelled is removed")
    .option("-y, --yes", "do not ask")
    .option("--dry-run", "only say how many")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      formatExamples([
        ["tickets prune 'finished < -30d' --dry-run", ""],
        ["tickets prune 'finished < -30d' --yes", "for scripts"],
      ]),
    )
    .action((query, options) =>
      perform(async (context) => {
        const { pruneTickets } = await import("./prune-tickets.ts");
        return pruneTickets({ ...options, query }, context);
      }),
    );
}
