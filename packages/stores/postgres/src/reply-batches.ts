import type { Reply, ReplyDraft } from "@agentwerk/core";

export interface ReplyBatch {
  readonly first: number;
  readonly at: number;
  readonly drafts: readonly ReplyDraft[];
}

/** Replies of one moment, as engines keep them. */
export function replyBatches(replies: readonly Reply[]): readonly ReplyBatch[] {
  const batches: { first: number; at: number; drafts: ReplyDraft[] }[] = [];
  for (const { index, at, ...draft } of replies) {
    const last = batches.at(-1);
    if (last !== undefined && last.at === at) last.drafts.push(draft);
    else batches.push({ first: index, at, drafts: [draft] });
  }
  return batches;
}
