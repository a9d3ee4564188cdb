import { createHash } from "node:crypto";

const mark = "simulated.";

/** The proof that stands for a vendor's signature: it shows whether the thinking came back as it was sent. */
export function sign(thinking: string): string {
  return mark + createHash("sha256").update(thinking).digest("base64url");
}

/** False for thinking that was changed on its way; signatures that are not ours are always believed. */
export function isIntact(thinking: string, signature: string): boolean {
  return !signature.startsWith(mark) || signature === sign(thinking);
}
