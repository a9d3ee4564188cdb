import type { ModelResponse } from "../provider.ts";
import { ProviderError } from "../provider-error.ts";
import { toConnectionError } from "./connection-error.ts";
import type { Endpoint } from "./endpoint.ts";
import { hostOf } from "./endpoint.ts";
import { requestIdOf } from "./failure.ts";
import type { RequestWatch } from "./request-watch.ts";
import { watchRequest } from "./request-watch.ts";
import type { HeaderSource } from "./retry-after.ts";
import type { VendorErrors } from "./to-provider-error.ts";
import { toProviderError } from "./to-provider-error.ts";

/** What a request needs to know of its surroundings. */
export interface Exchange {
  /** Its signal is for the SDK; touch it whenever something arrives. */
  readonly watch: RequestWatch;
  /** To be called once the reply has begun, so that every later error can name the request. */
  noteHeaders(headers: HeaderSource): void;
}

export interface ExchangeOptions {
  readonly endpoint: Endpoint;
  readonly vendor: VendorErrors;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs one request under the limits of its endpoint.
 * @throws ProviderError for every failure but an abort; the signal's own reason when it aborts.
 */
export async function runExchange(
  { endpoint, vendor, signal }: ExchangeOptions,
  request: (exchange: Exchange) => Promise<ModelResponse>,
): Promise<ModelResponse> {
  signal?.throwIfAborted();
  const watch = watchRequest({ signal, firstByteMs: endpoint.timeoutMs, idleMs: endpoint.idleTimeoutMs });
  let requestId: string | undefined;
  try {
    return await request({
      watch,
      noteHeaders: (headers) => {
        requestId = requestIdOf(headers);
      },
    });
  } catch (thrown) {
    signal?.throwIfAborted();
    if (watch.expiredMs === undefined) {
      throw toProviderError(toConnectionError(thrown), { endpoint, vendor, requestId, now: Date.now() });
    }
    throw new ProviderError({
      provider: endpoint.providerName,
      reason: "timed_out",
      message: `${hostOf(endpoint.baseUrl)} was silent for ${watch.expiredMs} ms; the options timeout and idleTimeout set the limits.`,
      requestId,
      cause: thrown,
    });
  } finally {
    watch.stop();
  }
}
