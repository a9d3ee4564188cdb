import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { giveToServer } from "./test-server.ts";

const run = promisify(execFile);

export interface Certificates {
  /** The authority's own certificate. */
  readonly authority: string;
  /** Of a server with the name `localhost` and no other, and its key. */
  readonly certificate: string;
  readonly key: string;
}

export async function hasOpenssl(): Promise<boolean> {
  return run("openssl", ["version"]).then(
    () => true,
    () => false,
  );
}

/** A certificate authority, and a server's certificate by it, as files in `dir`. */
export async function makeCertificates(dir: string): Promise<Certificates> {
  const openssl = (...args: string[]): Promise<unknown> => run("openssl", args, { cwd: dir });
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await openssl(
    ...["req", "-x509", ...curve, "-keyout", "ca.key", "-out", "ca.crt"],
    ...["-days", "2", "-subj", "/CN=agentwerk test authority"],
  );
  await openssl("req", ...curve, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
  writeFileSync(join(dir, "names"), "subjectAltName=DNS:localhost");
  await openssl(
    ...["x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"],
    ...["-out", "server.crt", "-days", "2", "-extfile", "names"],
  );
  const [authority, certificate, key] = [
    join(dir, "ca.crt"),
    join(dir, "server.crt"),
    join(dir, "server.key"),
  ];
  giveToServer(certificate);
  giveToServer(key, 0o600);
  return { authority, certificate, key };
}
