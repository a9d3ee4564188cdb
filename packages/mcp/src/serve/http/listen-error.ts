import { AgentwerkError } from "@agentwerk/core";

/** Why nothing can listen at an address, with the next step; other errors stay as they are. */
export function listenError(
  error: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
): Error {
  const where = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  switch (error.code) {
    case "EADDRINUSE":
      return new AgentwerkError({
        code: "conflict",
        field: "port",
        message: `Something listens at ${where} already; end it, or give another port, 0 for any that is free.`,
        cause: error,
      });
    case "EACCES":
      return new AgentwerkError({
        code: "invalid_input",
        field: "port",
        message: `This user may not listen at ${where}; give a port from 1024.`,
        cause: error,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new AgentwerkError({
        code: "invalid_input",
        field: "host",
        message: `This machine has no address ${host}; give one of its own, or leave host out for 127.0.0.1.`,
        cause: error,
      });
    default:
      return error;
  }
}
