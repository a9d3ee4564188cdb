import type { Knowledge, KnowledgeDraft } from "../../knowledge/knowledge.ts";

/** What a case works with: an empty knowledge, and further objects on the same data. */
export interface KnowledgeBench {
  readonly knowledge: Knowledge;
  /** Another object on the same pages, as another agent or process would have it. */
  reopen(): Promise<Knowledge>;
}

export interface KnowledgeCase {
  /** By which a skip names it. */
  readonly id: string;
  readonly title: string;
  /** Needs pages that several objects can open. */
  readonly isShared?: boolean;
  /** Needs the optional `search`. */
  readonly isSearch?: boolean;
  /** Needs the optional `clear`. */
  readonly isClear?: boolean;
  run(bench: KnowledgeBench): Promise<void>;
}

export function draftOf(slug: string, more: Partial<KnowledgeDraft> = {}): KnowledgeDraft {
  return { slug, description: `About ${slug}`, body: `What is known of ${slug}.`, ...more };
}
