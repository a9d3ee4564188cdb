/** One page of knowledge. `slug`: lower-case letters, digits and `-`, at most 64. */
export interface KnowledgePage {
  readonly slug: string;
  /** What kind of page it is, such as `fact` or `decision`. */
  readonly type: string;
  /** One line, shown in the index. */
  readonly description: string;
  readonly tags: readonly string[];
  /** Milliseconds since the epoch of the last write. */
  readonly timestamp: number;
  /** Markdown. */
  readonly body: string;
}

export type KnowledgeEntry = Omit<KnowledgePage, "body">;

export interface KnowledgeDraft {
  readonly slug: string;
  readonly type?: string | undefined;
  readonly description: string;
  readonly tags?: readonly string[] | undefined;
  readonly body: string;
}

/** What agents learned, kept beyond their tickets. Safe with several writers: the last write of a page wins whole. */
export interface Knowledge {
  list(): Promise<readonly KnowledgeEntry[]>;
  read(slug: string): Promise<KnowledgePage | undefined>;
  write(draft: KnowledgeDraft): Promise<KnowledgePage>;
  /** Answers whether there was such a page. */
  remove(slug: string): Promise<boolean>;
  /** Full text, best first. */
  search?(query: string, options?: { readonly limit?: number }): Promise<readonly KnowledgeEntry[]>;
  /** Removes every page; answers how many there were. */
  clear?(): Promise<number>;
  /** One line a page, at most `limit` characters (4,000), ending with a word about what was left out. */
  index(limit?: number): Promise<string>;
}
