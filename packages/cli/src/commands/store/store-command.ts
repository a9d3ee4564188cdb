import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";
import { parseList } from "../../cli/parse-values.ts";

export function storeCommand(perform: Perform): CommandUnknownOpts {
  return new Command("store")
    .summary("look after the ticket store")
    .description("Looks after the configured store: SQLite in a folder, PostgreSQL, or what a plugin brings.")
    .addCommand(
      new Command("status")
        .description("Shows what is in the store; for PostgreSQL also its schema and namespaces.")
        .option("--json", "print one JSON object")
        .addHelpText("after", formatExamples([["store status", ""]]))
        .action((options) =>
          perform(async (context) => {
            const { showStatus } = await import("./look-after-store.ts");
            return showStatus(options, context);
          }),
        ),
    )
    .addCommand(
      new Command("migrate")
        .description(
          "Makes PostgreSQL's schema or brings it up to date, and grants roles their rights. SQLite does so by itself.",
        )
        .option("--worker <role>", "a role that works tickets; repeat for more", parseList)
        .option("--reader <role>", "a role that only reads; repeat for more", parseList)
        .option("--json", "print one JSON object")
        .addHelpText("after", formatExamples([["store migrate --worker agents --reader reports", ""]]))
        .action((options) =>
          perform(async (context) => {
            const { migrateStore } = await import("./look-after-store.ts");
            return migrateStore(options, context);
          }),
        ),
    )
    .addCommand(
      new Command("copy")
        .description(
          "Copies the store to a new place with nothing lost. SQLite into a folder goes while it is in use; to or from PostgreSQL nobody may hold a ticket meanwhile.",
        )
        .argument("<target>", "a folder, for a new tickets.db, or the URL of a PostgreSQL database")
        .option("--json", "print one JSON object")
        .addHelpText(
          "after",
          formatExamples([
            ["store copy backup/2026-11-22", ""],
            ["store copy postgres://db.internal/agentwerk", "move to many machines"],
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
