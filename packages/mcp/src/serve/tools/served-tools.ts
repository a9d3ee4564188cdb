import { includesProfile, type Profile } from "../profile.ts";
import { knowledgeRead } from "./knowledge-read.ts";
import { knowledgeSearch } from "./knowledge-search.ts";
import type { ServedTool } from "./served-tool.ts";
import { ticketApprove } from "./ticket-approve.ts";
import { ticketCancel } from "./ticket-cancel.ts";
import { ticketClaim } from "./ticket-claim.ts";
import { ticketFile } from "./ticket-file.ts";
import { ticketFinish } from "./ticket-finish.ts";
import { ticketGet } from "./ticket-get.ts";
import { ticketList } from "./ticket-list.ts";
import { ticketRelease } from "./ticket-release.ts";
import { ticketRenew } from "./ticket-renew.ts";
import { ticketReply } from "./ticket-reply.ts";
import { ticketWait } from "./ticket-wait.ts";

const all: readonly ServedTool[] = [
  ticketFile,
  ticketWait,
  ticketGet,
  ticketList,
  ticketReply,
  ticketApprove,
  ticketCancel,
  ticketClaim,
  ticketRenew,
  ticketFinish,
  ticketRelease,
  knowledgeSearch,
  knowledgeRead,
];

/** The tools of a profile, in the order in which a person would use them. */
export function servedTools(options: {
  readonly profile: Profile;
  readonly hasKnowledge: boolean;
}): readonly ServedTool[] {
  const { profile, hasKnowledge } = options;
  return all.filter((tool) => includesProfile(profile, tool.profile) && (hasKnowledge || !tool.ofKnowledge));
}
