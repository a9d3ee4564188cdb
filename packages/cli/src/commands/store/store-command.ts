import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";
import { parseDuration, parseList } from "../../cli/parse-values.ts";

export function storeCommand(perform: Perform): CommandUnknownOpts {
  return new Command("store")
    .summary("look after the ticket store")
    .description("Looks after the configured store: SQLite in a folder, PostgreSQL, or what a plugin brings.")
    .addCommand(
      new Command("status")
        .summary("show what is there")
        .description(
          "Shows what is in the store, and how many tickets workers hold; for PostgreSQL also its schema and namespaces. Makes nothing where there is nothing.",
        )
        .option("--json", "print one JSON object")
        .addHelpText("after", formatExamples([["store status --json", "for a monitor"]]))
        .action((options) =>
          perform(async (context) => {
            const { showStatus } = await import("./look-after-store.ts");
            return showStatus(options, context);
          }),
        ),
    )
    .addCommand(
      new Command("migrate")
        .summary("make PostgreSQL's schema or bring it up to date, and grant rights")
        .description(
          "Makes PostgreSQL's schema or brings it up to date, with the role that is to own it, and grants other roles their rights. Workers go on meanwhile. SQLite does so by itself.",
        )
        .option("--worker <role>", "a role that works tickets; repeat for more", parseList)
        .option("--reader <role>", "a role that only reads; repeat for more", parseList)
        .option("--json", "print one JSON object")
        .addHelpText(
          "after",
          formatExamples([["store migrate --worker agents --reader reports", "two roles that exist"]]),
        )
        .action((options) =>
          perform(async (context) => {
            const { migrateStore } = await import("./look-after-store.ts");
            return migrateStore(options, context);
          }),
        ),
    )
    .addCommand(
      new Command("copy")
        .summary("copy it to another place, SQLite and PostgreSQL in any direction")
        .description(
          [
            "Copies a namespace of the store to a new place with nothing lost: tickets, conversations, results, events, totals and budgets. SQLite and PostgreSQL, in any direction. The copy is there as a whole or, whatever happens, not at all; the store itself stays as it is. Knowledge, and long outputs on the disk, are not in the store and not copied.",
            'To move, stop the workers, copy, and change "store" or "dir" in the configuration. A ticket that a worker holds refuses the copy, since what that worker does next would be missing: --wait waits for it, --live takes a backup all the same.',
          ].join("\n\n"),
        )
        .argument("<target>", "a folder, for tickets.db in it, or the URL of a PostgreSQL database")
        .option("--namespace <name>", "another namespace than the configured one")
        .option("--as <name>", "its namespace in the copy; the same unless given")
        .option(
          "--wait <duration>",
          "wait so long for workers to give back what they hold, as 2m",
          parseDuration,
        )
        .option("--live", "a backup while workers hold tickets: in it those go on as after a crash")
        .option("--json", "print one JSON object")
        .addHelpText(
          "after",
          formatExamples([
            ["store copy backup/2026-11-22 --live", "a backup while workers go on"],
            ["store copy postgres://owner@db.internal/agentwerk --wait 2m", "move to many machines"],
            ["store copy postgres://owner@db.internal/agentwerk --as team-a", "beside others"],
            ["store copy here -c on-postgres.config.json", "and back"],
          ]),
        )
        .action((target, options) =>
          perform(async (context) => {
            const { copyStore } = await import("./copy-store.ts");
            return copyStore({ ...options, target }, context);
          }),
        ),
    );
}
