import { createHash } from "node:crypto";
import type { SharedV4ProviderOptions } from "@ai-sdk/provider";

/** What a vendor demands of a conversation and its AI SDK package does not see to. */
export interface VendorRules {
  /** The id of a call on the wire; `attempt` counts up while it is taken. */
  readonly toCallId: (id: string, attempt: number) => string;
  /** A message of the user right after a tool's is refused. */
  readonly refusesUserAfterResults: boolean;
  /** For vendors that cache only what is marked; the others need no mark and would not read it. */
  readonly cacheMark: SharedV4ProviderOptions | undefined;
}

/** By the id of the AI SDK's provider, such as `vertex.anthropic.messages`. */
export function vendorRules(provider: string): VendorRules {
  // Anthropic on Bedrock has a package of its own, with Anthropic's rules and `bedrock.anthropic.messages` as its id.
  if (provider.includes("anthropic")) return anthropicRules;
  if (provider.includes("bedrock")) return bedrockRules;
  return provider.includes("mistral") ? mistralRules : otherRules;
}

const wordCharacters = /^[a-zA-Z0-9_-]+$/;

const anthropicRules: VendorRules = {
  toCallId: callIdRule({ pattern: wordCharacters }),
  refusesUserAfterResults: false,
  cacheMark: { anthropic: { cacheControl: { type: "ephemeral" } } },
};

const bedrockRules: VendorRules = {
  ...anthropicRules,
  cacheMark: { bedrock: { cachePoint: { type: "default" } } },
};

const mistralRules: VendorRules = {
  toCallId: callIdRule({ pattern: /^[a-zA-Z0-9]{9}$/, length: 9 }),
  refusesUserAfterResults: true,
  cacheMark: undefined,
};

/** OpenAI refuses ids of more than 40 characters. Any other will do, and models such as Kimi read meaning into theirs. */
const otherRules: VendorRules = {
  toCallId: callIdRule({ pattern: /^.{1,40}$/s }),
  refusesUserAfterResults: false,
  cacheMark: undefined,
};

interface CallIdRule {
  readonly pattern: RegExp;
  readonly length?: number;
}

function callIdRule({ pattern, length = 24 }: CallIdRule): VendorRules["toCallId"] {
  return (id, attempt) => {
    if (attempt === 0 && pattern.test(id)) return id;
    return createHash("sha256").update(`${attempt}:${id}`).digest("hex").slice(0, length);
  };
}
