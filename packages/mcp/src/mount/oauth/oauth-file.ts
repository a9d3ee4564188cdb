import type {
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import * as z from "zod";
import { readPrivate, writePrivate } from "../state/private-file.ts";

/** What is kept of the sign-in at one server. */
export interface OAuthRecord {
  /** Of the loopback listener, which the registration names. */
  readonly port?: number | undefined;
  readonly client?: StoredOAuthClientInformation | undefined;
  readonly tokens?: StoredOAuthTokens | undefined;
  /** Both between the redirect and the browser's return. */
  readonly codeVerifier?: string | undefined;
  readonly discovery?: OAuthDiscoveryState | undefined;
}

const loose = <Value>(required: readonly string[]): z.ZodType<Value> =>
  z.custom<Value>(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      required.every((key) => key in value && typeof Reflect.get(value, key) === "string"),
  );

const tokens = loose<StoredOAuthTokens>(["access_token", "token_type"]);
const record = z.object({
  port: z.number().int().optional().catch(undefined),
  client: loose<StoredOAuthClientInformation>(["client_id"]).optional().catch(undefined),
  tokens: tokens.optional().catch(undefined),
  codeVerifier: z.string().optional().catch(undefined),
  discovery: loose<OAuthDiscoveryState>(["authorizationServerUrl"]).optional().catch(undefined),
});

/** Tokens as a service answers with them; undefined when it is something else. */
export function readTokens(json: string): StoredOAuthTokens | undefined {
  try {
    return tokens.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/** Tokens, registration and verifier of one server in a file that only the user can read. Read anew each time: other processes refresh them, too. */
export class OAuthFile {
  readonly #path: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<OAuthRecord> {
    const text = await readPrivate(this.#path);
    if (text === undefined) return {};
    try {
      return record.parse(JSON.parse(text));
    } catch {
      return {};
    }
  }

  /** Changes some parts; `undefined` takes one away. One change after the other. */
  async change(parts: OAuthRecord): Promise<void> {
    const change = async (): Promise<void> => {
      const next = { ...(await this.read()), ...parts };
      await writePrivate(this.#path, `${JSON.stringify(next, undefined, 2)}\n`);
    };
    this.#writing = this.#writing.then(change, change);
    await this.#writing;
  }
}
