import { Argument, Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";

export const pluginKinds = ["provider", "tool", "knowledge", "store", "events"] as const;

export type PluginKind = (typeof pluginKinds)[number];

export function createPluginCommand(perform: Perform): CommandUnknownOpts {
  return new Command("create-plugin")
    .summary("begin a plugin of your own")
    .description(
      "Writes a package that is a complete plugin of its kind: it type-checks, and its tests, with the suite of @agentwerk/core/testing where there is one, pass as they are.",
    )
    .addArgument(new Argument("<kind>", "what it brings").choices(pluginKinds))
    .argument("<name>", "of the package, as agentwerk-billing or @acme/agentwerk-billing")
    .option("-d, --dir <folder>", "where; a folder of the package's name unless given")
    .option("--json", "print what was written as JSON")
    .addHelpText(
      "after",
      formatExamples([
        ["create-plugin tool agentwerk-billing", "a tool"],
        ["create-plugin store @acme/agentwerk-store-acme -d packages/store", "a ticket store"],
      ]),
    )
    .action((kind, name, options) =>
      perform(async (context) => {
        const { createPlugin } = await import("./create-plugin.ts");
        return createPlugin({ ...options, kind, name }, context);
      }),
    );
}
