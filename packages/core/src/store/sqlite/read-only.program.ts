import { toErrorMessage } from "../../errors/to-error-message.ts";
import { copyArchive } from "../archive/copy-archive.ts";
import { sqliteArchive } from "./sqlite-archive.ts";
import { sqliteStore } from "./sqlite-store.ts";

const [path = "", to] = process.argv.slice(2);

/**
 * Looks at the file named first, and again for each line of input: each time a line, the number of tickets or what went
 * wrong. With a second file, copies the first one to it instead.
 */
try {
  if (to === undefined) await lookAt();
  else {
    const { tickets } = await copyArchive(sqliteArchive({ path }), sqliteArchive({ path: to }));
    console.log(String(tickets));
  }
} catch (error) {
  console.log(toErrorMessage(error));
}

async function lookAt(): Promise<void> {
  const store = sqliteStore({ path, readOnly: true });
  const look = async (): Promise<void> => {
    console.log(await store.find({}).then(({ length }) => String(length), toErrorMessage));
  };
  await look();
  for await (const _ of process.stdin) await look();
  await store.close();
}
