import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import { recordVersion, type StoreRecord } from "./store-record.ts";

/**
 * Passes a stream of records on, for engines that write it.
 * @throws AgentwerkError `unsupported` for records of another version, `store_corrupt` where it does not end as it has to.
 */
export async function* wholeStream(records: AsyncIterable<StoreRecord>): AsyncIterable<StoreRecord> {
  const seen = { ticket: 0, reply: 0, event: 0 };
  let isOpen = false;
  for await (const record of records) {
    if (record.kind === "namespace") {
      const version: number = record.version;
      if (version !== recordVersion) throw otherVersion(version);
      isOpen = true;
    }
    if (!isOpen) throw cutStream();
    if (record.kind === "ticket" || record.kind === "reply" || record.kind === "event")
      seen[record.kind] += 1;
    yield record;
    if (record.kind !== "end") continue;
    const { tickets, replies, events } = record;
    if (seen.ticket === tickets && seen.reply === replies && seen.event === events) return;
  }
  throw cutStream();
}

export function cutStream(): AgentwerkError {
  return new AgentwerkError({
    code: "store_corrupt",
    message: "What was to be copied ended early. Nothing was written; copy again.",
  });
}

function otherVersion(version: number): AgentwerkError {
  return new AgentwerkError({
    code: "unsupported",
    message: `What was to be copied has records of version ${version}, and this release writes version ${recordVersion}. Nothing was written; use the same release of agentwerk on both sides.`,
  });
}
