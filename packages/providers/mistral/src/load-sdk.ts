/** The parts of Mistral's SDK that are used: a client is made for each request, because its HTTP client is. */
export interface MistralSdk {
  readonly MistralCore: typeof import("@mistralai/mistralai/core.js").MistralCore;
  readonly HTTPClient: typeof import("@mistralai/mistralai/lib/http.js").HTTPClient;
  readonly chatStream: typeof import("@mistralai/mistralai/funcs/chatStream.js").chatStream;
}

/** Loads the SDK, which takes far longer than the rest of this package. */
export async function loadSdk(): Promise<MistralSdk> {
  const [{ MistralCore }, { HTTPClient }, { chatStream }] = await Promise.all([
    import("@mistralai/mistralai/core.js"),
    import("@mistralai/mistralai/lib/http.js"),
    import("@mistralai/mistralai/funcs/chatStream.js"),
  ]);
  return { MistralCore, HTTPClient, chatStream };
}
