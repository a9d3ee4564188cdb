import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";
import { parseCount, parseList } from "../../cli/parse-values.ts";

export function knowledgeCommand(perform: Perform): CommandUnknownOpts {
  return new Command("knowledge")
    .summary("read and write what agents learned")
    .description("Reads and writes the pages of the configured knowledge.")
    .addCommand(listCommand(perform))
    .addCommand(showCommand(perform))
    .addCommand(writeCommand(perform))
    .addCommand(removeCommand(perform))
    .addCommand(searchCommand(perform));
}

const dirOption = ["--dir <folder>", "a folder of pages, instead of the configured knowledge"] as const;

function listCommand(perform: Perform): CommandUnknownOpts {
  return new Command("list")
    .alias("ls")
    .description("Lists the pages.")
    .option(...dirOption)
    .option("--json", "print a JSON array")
    .action((options) =>
      perform(async (context) => {
        const { listPages } = await import("./use-knowledge.ts");
        return listPages(options, context);
      }),
    );
}

function showCommand(perform: Perform): CommandUnknownOpts {
  return new Command("show")
    .description("Prints a page.")
    .argument("<slug>", "as deploy-steps")
    .option(...dirOption)
    .option("--json", "print one JSON object")
    .action((slug, options) =>
      perform(async (context) => {
        const { showPage } = await import("./use-knowledge.ts");
        return showPage({ ...options, slug }, context);
      }),
    );
}

function writeCommand(perform: Perform): CommandUnknownOpts {
  return new Command("write")
    .description("Writes a page, whole; its text comes from standard input or the line.")
    .argument("<slug>", "as deploy-steps")
    .argument("<text...>", "markdown; - reads it from standard input")
    .option("-d, --description <text>", "one line that says what the page tells; has to be given")
    .option("-t, --type <type>", "such as fact or decision")
    .option("--tag <tag>", "repeat for more", parseList)
    .option(...dirOption)
    .option("--json", "print the page as JSON")
    .addHelpText(
      "after",
      formatExamples([['knowledge write deploy-steps -d "How to deploy" - < deploy.md', "from a file"]]),
    )
    .action((slug, text, options) =>
      perform(async (context) => {
        const { writePage } = await import("./use-knowledge.ts");
        return writePage({ ...options, slug, text }, context);
      }),
    );
}

function removeCommand(perform: Perform): CommandUnknownOpts {
  return new Command("remove")
    .alias("rm")
    .description("Removes a page.")
    .argument("<slug>", "as deploy-steps")
    .option(...dirOption)
    .option("--json", "print JSON")
    .action((slug, options) =>
      perform(async (context) => {
        const { removePage } = await import("./use-knowledge.ts");
        return removePage({ ...options, slug }, context);
      }),
    );
}

function searchCommand(perform: Perform): CommandUnknownOpts {
  return new Command("search")
    .description("Finds pages by words, the best first.")
    .argument("<words...>", "")
    .option("-n, --limit <number>", "at most so many; 10 unless given", parseCount)
    .option(...dirOption)
    .option("--json", "print a JSON array")
    .addHelpText("after", formatExamples([["knowledge search deploy staging", ""]]))
    .action((words, options) =>
      perform(async (context) => {
        const { searchPages } = await import("./use-knowledge.ts");
        return searchPages({ ...options, words }, context);
      }),
    );
}
