import type { WireBlock, WireMessage } from "./to-messages.ts";

export interface CacheControl {
  readonly type: "ephemeral";
  readonly ttl?: "1h";
}

/**
 * Marks the last message for the cache, and the one of the user before it: that is where the request before this one
 * ended, and the vendor looks back only 20 blocks by itself. With tools and system prompt these are the four
 * breakpoints that a request may have.
 */
export function markMessages(messages: readonly WireMessage[], cache: CacheControl): readonly WireMessage[] {
  const users = messages.flatMap(({ role }, index) => (role === "user" ? [index] : []));
  const marked = new Set(users.slice(-2));
  return messages.map((message, index) => {
    return marked.has(index) ? { ...message, content: markLast(message.content, cache) } : message;
  });
}

function markLast(content: readonly WireBlock[], cache: CacheControl): readonly WireBlock[] {
  return content.map((block, index) => {
    return index === content.length - 1 ? { ...block, cache_control: cache } : block;
  });
}
