import { CLIENT_CAPABILITIES_META_KEY, type Server, type ServerContext } from "@modelcontextprotocol/server";
import { z } from "zod";

/** An empty declaration, from before there were pages, is one of forms. */
const forms = z
  .looseObject({
    elicitation: z.looseObject({ form: z.object({}).optional(), url: z.object({}).optional() }),
  })
  .refine(({ elicitation }) => elicitation.form !== undefined || elicitation.url === undefined);

/** Whether the client lets the server ask its person by a form: said with each request, or once when it connected. */
export function declaresElicitation(server: Server, { mcpReq }: ServerContext): boolean {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const declared = envelope[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  return forms.safeParse(declared).success;
}
