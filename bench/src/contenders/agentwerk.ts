import {
  Agent,
  type AgentOptions,
  type Model,
  memoryStore,
  type TicketStore,
  TicketSystem,
} from "@agentwerk/core";
import type { Contender } from "../measure/contender.ts";
import { lookupTool, resultSchema, role, taskOf } from "./the-work.ts";

export interface AgentwerkOptions {
  /** Made anew for each round, which closes it. */
  readonly store?: () => TicketStore;
  readonly model: Model;
  /** Somebody listens to the model's text, so that the provider streams. */
  readonly isStreamed?: boolean;
  /** An agent without `write_result`, whose text is the result. */
  readonly isBare?: boolean;
}

/** Our own loop: tickets are filed in one step, worked by one agent, and their results are read. */
export function agentwerk({ store = memoryStore, model, isStreamed, isBare }: AgentwerkOptions): Contender {
  return {
    async round({ tickets: count, concurrency }) {
      const opened = store();
      const options: AgentOptions = { model, role, tools: [lookupTool()], concurrency };
      const agent = isBare === true ? Agent.bare(options) : new Agent(options);
      const tickets = new TicketSystem({ store: opened, agents: [agent] });
      if (isStreamed === true) tickets.on("text_chunk_received", () => {});
      const schema = isBare === true ? undefined : resultSchema;
      await tickets.tasks(Array.from({ length: count }, (_, number) => ({ task: taskOf(number), schema })));
      const { all, reason } = await tickets.runDry();
      if (all.length !== count) throw new Error(`${all.length} of ${count} tickets were done: ${reason}.`);
      await tickets.close();
      await opened.close();
    },
  };
}
