/*
 * LiteLLM speaks OpenAI's chat completions, whose mapping has one home. This file is the one place where a plugin imports
 * another; docs/decisions/0009 tells why.
 */
// biome-ignore lint/style/noRestrictedImports: a second copy of the wire format would be worse, see docs/decisions/0009
export type { ChatDialect, OpenAIProviderOptions } from "@agentwerk/openai";
// biome-ignore lint/style/noRestrictedImports: a second copy of the wire format would be worse, see docs/decisions/0009
export { chatProvider, findModelFamily, readRateLimitReset } from "@agentwerk/openai";
