// Works the tickets of a directory until it is killed: `echo` finishes them, `hang` claims one and never answers.
import { TicketSystem } from "@agentwerk/core";
import { scriptedProvider } from "@agentwerk/core/testing";
import { echoAgent } from "./agents.ts";

const [, , dir, kind] = process.argv;
const hanging = scriptedProvider(() => ({ hangs: true }));
const agent = kind === "hang" ? { name: "hang", role: "You hang.", model: hanging.model } : echoAgent();
await using tickets = new TicketSystem({ dir, agents: [agent], leaseDuration: "1s" });
tickets.on("request_started", ({ ticket }) => console.log(`working ${ticket}`));
await tickets.run();
