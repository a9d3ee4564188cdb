import { AgentwerkError, assertNever, type Knowledge } from "@agentwerk/core";
import {
  type ListResourcesResult,
  type ReadResourceResult,
  type Resource,
  ResourceNotFoundError,
  type ResourceTemplateType,
} from "@modelcontextprotocol/server";
import { readOffset } from "../tickets/page-text.ts";
import type { TicketAccess } from "../tickets/ticket-access.ts";
import { cut, toText, toTicketView } from "../tickets/ticket-view.ts";
import { knowledgeUri, parseResourceUri, ticketUri } from "./resource-uri.ts";

const listed = 50;
/** Values that a completion offers: the most that the protocol allows. */
const completions = 100;

export interface ResourceSource {
  readonly access: TicketAccess;
  readonly knowledge: Knowledge | undefined;
}

export function resourceTemplates({
  hasKnowledge,
}: {
  readonly hasKnowledge: boolean;
}): ResourceTemplateType[] {
  const tickets: ResourceTemplateType[] = [
    {
      name: "ticket",
      title: "Ticket",
      uriTemplate: "ticket://{key}",
      description: "A ticket with its status, result and question.",
      mimeType: "application/json",
    },
    {
      name: "ticket_result",
      title: "Result of a ticket",
      uriTemplate: "ticket://{key}/result",
      description: "The result alone, whole.",
    },
  ];
  if (!hasKnowledge) return tickets;
  const knowledge: ResourceTemplateType = {
    name: "knowledge",
    title: "Page of knowledge",
    uriTemplate: "knowledge://{slug}",
    description: "What agents learned, as markdown.",
    mimeType: "text/markdown",
  };
  return [...tickets, knowledge];
}

/** Tickets in pages, newest first; pages of knowledge with the first. */
export async function listResources(
  { access, knowledge }: ResourceSource,
  cursor: string | undefined,
): Promise<ListResourcesResult> {
  const before = cursor === undefined ? undefined : readOffset(cursor);
  const page = await access.find({ query: "", cursor: { offset: 0, before }, limit: listed });
  const resources: Resource[] = page.tickets.map((ticket) => ({
    uri: ticketUri(ticket.key),
    name: ticket.key,
    title: cut(`${ticket.key} ${ticket.status}: ${toText(ticket.task).replaceAll(/\s+/g, " ")}`, 120),
    mimeType: "application/json",
  }));
  if (cursor === undefined && knowledge !== undefined) {
    for (const { slug, description } of await knowledge.list()) {
      resources.push({ uri: knowledgeUri(slug), name: slug, title: description, mimeType: "text/markdown" });
    }
  }
  const next = page.next?.before;
  return { resources, ...(next !== undefined && { nextCursor: String(next) }) };
}

/** @throws ResourceNotFoundError also for what the principal may not see. */
export async function readResource(source: ResourceSource, uri: string): Promise<ReadResourceResult> {
  const name = parseResourceUri(uri);
  if (name === undefined) throw new ResourceNotFoundError(uri);
  switch (name.kind) {
    case "ticket": {
      const ticket = await getTicket(source, { key: name.key, uri });
      const text = JSON.stringify(toTicketView(ticket), null, 2);
      return { contents: [{ uri, mimeType: "application/json", text }] };
    }
    case "result": {
      const { result } = await getTicket(source, { key: name.key, uri });
      if (result === undefined) throw new ResourceNotFoundError(uri);
      const mimeType = typeof result === "string" ? "text/plain" : "application/json";
      return { contents: [{ uri, mimeType, text: toText(result) }] };
    }
    case "knowledge": {
      const page = await source.knowledge?.read(name.slug);
      if (page === undefined) throw new ResourceNotFoundError(uri);
      return { contents: [{ uri, mimeType: "text/markdown", text: page.body }] };
    }
    default:
      return assertNever(name);
  }
}

/** What a variable of a resource template could be, given its beginning. */
export async function completeVariable(
  { access, knowledge }: ResourceSource,
  { variable, value }: { readonly variable: string; readonly value: string },
): Promise<{ readonly values: string[]; readonly hasMore: boolean }> {
  const all = await valuesOf({ access, knowledge }, variable);
  const wanted = value.toLowerCase();
  const values = all.filter((text) => text.toLowerCase().startsWith(wanted));
  return { values: values.slice(0, completions), hasMore: values.length > completions };
}

async function valuesOf({ access, knowledge }: ResourceSource, variable: string): Promise<readonly string[]> {
  if (variable === "slug") return ((await knowledge?.list()) ?? []).map(({ slug }) => slug);
  if (variable !== "key") return [];
  const { tickets } = await access.find({ query: "", cursor: { offset: 0 }, limit: 1_000 });
  return tickets.map(({ key }) => key);
}

async function getTicket(
  { access }: ResourceSource,
  { key, uri }: { readonly key: string; readonly uri: string },
): ReturnType<TicketAccess["get"]> {
  try {
    return await access.get(key);
  } catch (error) {
    if (AgentwerkError.isInstance(error) && error.code === "not_found") throw new ResourceNotFoundError(uri);
    throw error;
  }
}
