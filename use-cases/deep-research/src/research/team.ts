import {
  Agent,
  type Model,
  type TicketSystem,
  type Tool,
  type ToolSource,
  writeHandover,
} from "@agentwerk/core";
import { type SearchProvider, webFetch, webSearch } from "@agentwerk/tools-web";
import type { ReadPages } from "../evidence/read-pages.ts";
import { recordedFetch } from "../evidence/recorded-fetch.ts";
import { prompts } from "../prompts.ts";

export const labels = { plan: "plan", research: "research", report: "report" } as const;

export interface Web {
  readonly search: SearchProvider;
  /** Hosts that may be reached although they are private, such as that of the enclosed corpus. */
  readonly allowHosts: readonly string[];
}

export interface TeamOptions {
  readonly model: Model;
  readonly web: Web;
  readonly concurrency: number;
  /** Links of a chain of research tickets, the first included. */
  readonly depth: number;
  readonly pages: ReadPages;
}

/** Turns of one ticket; a researcher that needs more goes round in circles. */
const policy = { maxTurns: 30, maxRequestRetries: 5, maxSchemaRetries: 6, maxRequestTokens: 4_000 };

/** A whole report; under a budget so much is set aside for its request. */
const longestReport = 16_000;

/** A planner, researchers and a writer, each for the tickets of its label. */
export function addTeam(tickets: TicketSystem, { model, web, concurrency, depth, pages }: TeamOptions): void {
  const tools = [
    webSearch({ provider: web.search }),
    recordedFetch(webFetch({ allowHosts: web.allowHosts }), pages),
    handoverWithin(depth, tickets),
  ];
  const common = { model, policy };
  tickets.agent(new Agent({ ...common, name: "planner", labels: [labels.plan], role: prompts.planner }));
  tickets.agent(
    new Agent({
      ...common,
      name: "researcher",
      labels: [labels.research],
      role: prompts.researcher,
      tools,
      concurrency,
    }),
  );
  tickets.agent(
    new Agent({
      model,
      policy: { ...policy, maxRequestTokens: longestReport },
      name: "writer",
      labels: [labels.report],
      role: prompts.writer,
    }),
  );
}

/** `write_handover` while the chain of tickets may grow; what is handed over goes to the researchers, whatever label it names. */
function handoverWithin(depth: number, tickets: TicketSystem): ToolSource {
  return {
    name: "write_handover",
    async tools(context) {
      if ((await lengthOfChain(context.ticket, tickets)) >= depth) return [];
      const [handover] = await writeHandover().tools(context);
      return handover === undefined ? [] : [toResearchers(handover)];
    },
  };
}

function toResearchers(handover: Tool): Tool {
  return {
    ...handover,
    run: (input, context) =>
      handover.run({ ...(typeof input === "object" ? input : {}), labels: [labels.research] }, context),
  };
}

async function lengthOfChain(
  ticket: { readonly parent?: Parameters<TicketSystem["get"]>[0] | undefined },
  tickets: TicketSystem,
): Promise<number> {
  let length = 1;
  let parent = ticket.parent;
  while (parent !== undefined) {
    length++;
    parent = (await tickets.get(parent))?.parent;
  }
  return length;
}
