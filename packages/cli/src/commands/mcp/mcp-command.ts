import { Argument, Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";
import { parseList, parsePort } from "../../cli/parse-values.ts";

export const mcpClients = ["claude-code", "claude-desktop", "cursor", "vscode"] as const;

export type McpClient = (typeof mcpClients)[number];

export function mcpCommand(perform: Perform): CommandUnknownOpts {
  return new Command("mcp")
    .summary("MCP servers that agents use, and tickets served over MCP")
    .description("Looks after the MCP servers of the configuration, and serves its tickets to MCP clients.")
    .addCommand(serveCommand(perform))
    .addCommand(installCommand(perform))
    .addCommand(listCommand(perform))
    .addCommand(acceptCommand(perform))
    .addCommand(loginCommand(perform));
}

const profileOption = () =>
  new Option("--profile <profile>", "how much clients get; file unless given").choices([
    "read",
    "file",
    "work",
  ] as const);

function serveCommand(perform: Perform): CommandUnknownOpts {
  return new Command("serve")
    .description(
      "Serves the tickets of the configured store over MCP: to one client at standard input and output, until the input ends, or to many over HTTP.",
    )
    .addOption(profileOption())
    .addOption(
      new Option(
        "--approvals <whose>",
        "whose approvals of calls count: those of a person that the server asked, or of any client",
      ).choices(["trusted", "asked"] as const),
    )
    .option("--work", "let the configured agents work tickets here meanwhile")
    .option("--http", "over HTTP, with a token from mcp-token in the folder of the store")
    .option("--port <number>", "of HTTP; 4640 unless given, 0 for any", parsePort)
    .option("--host <host>", "of HTTP; 127.0.0.1 unless given")
    .option("--allow-host <host>", "a host name under which HTTP may be reached; repeat for more", parseList)
    .addHelpText(
      "after",
      formatExamples([
        ["mcp serve", "for a client that starts it"],
        ["mcp serve --work --profile work", "agents work here, and the client may, too"],
        ["mcp serve --http --port 4640", "for many clients"],
      ]),
    )
    .action((options) =>
      perform(async (context) => {
        const { serveMcp } = await import("./serve-mcp.ts");
        return serveMcp(options, context);
      }),
    );
}

function installCommand(perform: Perform): CommandUnknownOpts {
  return new Command("install")
    .description(
      "Writes the server of these tickets into the configuration of an MCP client. Other entries stay, and so does the file as it was, beside it.",
    )
    .addArgument(
      new Argument(
        "[client]",
        "claude-code unless given: .mcp.json here, which other clients read, too",
      ).choices(mcpClients),
    )
    .addOption(profileOption())
    .option("--work", "let the configured agents work tickets there")
    .option("--name <name>", "of the entry; agentwerk unless given")
    .option("--dry-run", "only print what would be written, and where")
    .option("-y, --yes", "replace an entry of this name without asking")
    .option("--json", "print what was done as JSON")
    .addHelpText(
      "after",
      formatExamples([
        ["mcp install claude-desktop --work", "Claude files tickets, and agents work them"],
        ["mcp install vscode --dry-run", "show the entry"],
      ]),
    )
    .action((client, options) =>
      perform(async (context) => {
        const { installMcp } = await import("./install-mcp.ts");
        return installMcp({ ...options, client }, context);
      }),
    );
}

function listCommand(perform: Perform): CommandUnknownOpts {
  return new Command("list")
    .alias("ls")
    .description("Starts the configured servers, and shows their state, their tools and what is kept back.")
    .option("--json", "print a JSON array")
    .action((options) =>
      perform(async (context) => {
        const { listServers } = await import("./look-after-servers.ts");
        return listServers(options, context);
      }),
    );
}

function acceptCommand(perform: Perform): CommandUnknownOpts {
  return new Command("accept")
    .description(
      "Trusts the tools that a server offers now: those that are new or changed are kept back until then.",
    )
    .argument("<server>", "its name in mcpServers")
    .argument("[tools...]", "only these, by the server's own names")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      formatExamples([
        ["mcp accept github", ""],
        ["mcp accept github create_issue", ""],
      ]),
    )
    .action((server, tools, options) =>
      perform(async (context) => {
        const { acceptTools } = await import("./look-after-servers.ts");
        return acceptTools({ ...options, server, tools }, context);
      }),
    );
}

function loginCommand(perform: Perform): CommandUnknownOpts {
  return new Command("login")
    .description("Signs you in at a remote server that wants it; prints the address to open.")
    .argument("<server>", "its name in mcpServers")
    .action((server) =>
      perform(async (context) => {
        const { signIn } = await import("./look-after-servers.ts");
        return signIn(server, context);
      }),
    );
}
