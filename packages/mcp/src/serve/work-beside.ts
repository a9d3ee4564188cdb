import { AgentwerkError, type TicketSystem } from "@agentwerk/core";

/** How long turns in hand may take once the server ends; then they are aborted, and their tickets go back to the queue. */
const lastTurnsMs = 5_000;

/** Lets the agents of a system work tickets until `stop`. A run that ends by itself is told as an error: nobody works. */
export function workBeside(
  tickets: TicketSystem,
  { onError = () => {} }: { readonly onError?: ((error: unknown) => void) | undefined },
): { stop(): Promise<void> } {
  const now = new AbortController();
  let isStopping = false;
  const ended = tickets.run({ signal: now.signal }).then(
    ({ reason, violation }) => {
      if (isStopping) return;
      const why = violation === undefined ? reason : `${violation.limit} of ${violation.maximum} was reached`;
      const message = `The agents of this server stopped (${why}); tickets are filed, but nobody here works them.`;
      onError(new AgentwerkError({ code: "closed", message }));
    },
    (error: unknown) => onError(error),
  );
  return {
    async stop() {
      isStopping = true;
      tickets.stop();
      const timeout = setTimeout(() => now.abort(), lastTurnsMs);
      await ended;
      clearTimeout(timeout);
    },
  };
}
