/** Why a request gets an error instead of a reply, in no vendor's words. */
export type Failure = { readonly message?: string | undefined } & (
  | { readonly kind: "authentication_failed"; readonly apiKey?: string | undefined }
  | { readonly kind: "permission_denied" }
  | { readonly kind: "rate_limited" }
  | { readonly kind: "quota_exceeded" }
  | { readonly kind: "server_failed"; readonly status?: number | undefined }
  | { readonly kind: "overloaded" }
  | { readonly kind: "context_window_exceeded"; readonly inputTokens: number; readonly contextWindow: number }
  | { readonly kind: "prompt_filtered" }
  | {
      readonly kind: "invalid_request";
      readonly param?: string | undefined;
      readonly code?: string | undefined;
    }
  | { readonly kind: "model_not_found"; readonly model: string }
  | { readonly kind: "path_not_found"; readonly method: string; readonly path: string }
  /** The request is not what the script expected, or the test's own function failed. */
  | { readonly kind: "script_mismatch" }
);
