import { toErrorMessage } from "../../errors/to-error-message.ts";
import { sqliteStore } from "./sqlite-store.ts";

/** Looks at the file named first, and again for each line of input: each time a line, the number of tickets or what went wrong. */
try {
  const store = sqliteStore({ path: process.argv[2] ?? "", readOnly: true });
  const look = async (): Promise<void> => {
    console.log(await store.find({}).then(({ length }) => String(length), toErrorMessage));
  };
  await look();
  for await (const _ of process.stdin) await look();
  await store.close();
} catch (error) {
  console.log(toErrorMessage(error));
}
