import type { HeaderSource, VendorErrors } from "@agentwerk/core/provider-kit";

/** What a service that speaks chat completions does in its own way; for packages of such services. */
export interface ChatDialect {
  /** In place of OpenAI's, one by one. */
  readonly errors?: Partial<VendorErrors>;
  /** What a request cost, in US dollars, by the headers of its reply. A cost in the usage goes before it. */
  readonly readCost?: (headers: HeaderSource) => number | undefined;
}
