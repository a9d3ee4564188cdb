// Serves tickets over standard input and output, as `agentwerk mcp serve --work` does; prints what it must not.
import { TicketSystem } from "@agentwerk/core";
import { serveTickets } from "../serve-tickets.ts";
import { askingAgent, echoAgent } from "./agents.ts";

const dir = process.argv[2];
const tickets = new TicketSystem({ dir, agents: [echoAgent({ delayMs: 20 }), askingAgent()] });
const served = await serveTickets(tickets, {
  profile: "work",
  work: true,
  onError: (error) => console.error(error),
});
tickets.on("ticket_created", ({ ticket }) => console.log(`filed ${ticket}`));
process.stdout.write("not of the protocol\n");
await served.closed;
await tickets.close();
console.log("closed in order");
