import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toErrorMessage } from "@agentwerk/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgres } from "./postgres-store.ts";
import { type Certificates, hasOpenssl, makeCertificates } from "./testing/certificates.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

const password = "a-secret-that-nobody-may-see";
const canRun = await hasOpenssl();

describe.skipIf(!canRun)(
  `TLS${canRun ? "" : " (skipped: needs openssl in PATH, for the certificates)"}`,
  () => {
    let dir: string;
    let ours: Certificates;
    let strangers: Certificates;
    let secure: TestServer;
    let plain: TestServer;

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), "agentwerk-tls-"));
      chmodSync(dir, 0o755);
      for (const name of ["ours", "strangers"]) mkdirSync(join(dir, name), { mode: 0o755 });
      ours = await makeCertificates(join(dir, "ours"));
      strangers = await makeCertificates(join(dir, "strangers"));
      const settings = ["ssl=on", `ssl_cert_file=${ours.certificate}`, `ssl_key_file=${ours.key}`];
      const access = ["hostssl all worker all scram-sha-256", "host all worker all reject"];
      [secure, plain] = await Promise.all([startTestServer({ settings, access }), startTestServer()]);
      for (const server of [secure, plain])
        await withClient(server.url(), (client) =>
          client.query(`CREATE ROLE worker LOGIN SUPERUSER PASSWORD '${password}'`),
        );
    }, 120_000);
    afterAll(async () => {
      await Promise.all([secure.close(), plain.close()]);
      rmSync(dir, { recursive: true, force: true });
    }, 60_000);

    const urlOf = (
      server: TestServer,
      query: string,
      { host = "localhost", secret = password } = {},
    ): string => `postgres://worker:${secret}@${host}:${server.port}/postgres${query}`;

    /** The error of the first operation. Nobody waits: no certificate gets better by that. */
    async function refusal(url: string): Promise<string> {
      const store = postgres(url, { patienceMs: 60_000 });
      const before = performance.now();
      const error = await store.find({}).then(
        () => new Error("It was let in."),
        (reason: unknown) => reason,
      );
      await store.close();
      expect(performance.now() - before).toBeLessThan(30_000);
      expect(error).toMatchObject({ code: "store_unavailable" });
      const messages: string[] = [];
      for (let at: unknown = error; at instanceof Error; at = at.cause) messages.push(toErrorMessage(at));
      expect(messages.join("\n")).not.toContain(password);
      return toErrorMessage(error);
    }

    test("a server that proves by our authority who it is works, with and without listening", async () => {
      const url = urlOf(secure, `?sslmode=verify-full&sslrootcert=${ours.authority}`);
      const [writer, reader] = [postgres(url), postgres(url)];
      const heard = Promise.withResolvers<void>();
      reader.watch(({ origin }) => (origin === "remote" ? heard.resolve() : undefined));
      await reader.find({});
      await writer.insert([{ task: 1 }]);
      await writer.insert([{ task: 2 }]);
      await heard.promise;
      await withClient(secure.url(), async (client) => {
        const { rows } = await client.query(
          `SELECT bool_and(s.ssl) AS ssl, count(*)::int AS count FROM pg_stat_ssl s
         JOIN pg_stat_activity a USING (pid) WHERE a.usename = 'worker'`,
        );
        expect(rows[0]).toMatchObject({ ssl: true });
        expect(rows[0]?.count).toBeGreaterThan(1);
      });
      await Promise.all([writer.close(), reader.close()]);
    }, 60_000);

    test("a server of another authority is refused at once, with the way to name the right one", async () => {
      for (const query of [
        `?sslmode=verify-full&sslrootcert=${strangers.authority}`,
        "?sslmode=verify-full",
      ]) {
        const message = await refusal(urlOf(secure, query));
        expect(message).toMatch(/certificate/);
        expect(message).toContain("sslmode=verify-full&sslrootcert=<file>");
      }
    }, 60_000);

    test("a certificate for another name is refused", async () => {
      const query = `?sslmode=verify-full&sslrootcert=${ours.authority}`;
      const message = await refusal(urlOf(secure, query, { host: "127.0.0.1" }));
      expect(message).toMatch(/does not match certificate's altnames/);
      expect(message).toContain("Connect by a name that the certificate holds");
    }, 60_000);

    test("sslmode=require checks the certificate, too, as the driver has it; no-verify does not", async () => {
      expect(await refusal(urlOf(secure, "?sslmode=require"))).toContain("sslrootcert=<file>");
      const store = postgres(urlOf(secure, "?sslmode=no-verify"), { namespace: "unverified" });
      expect(await store.find({})).toEqual([]);
      await store.close();
    }, 60_000);

    test("a server without TLS is refused by who asks for it, before the password is sent", async () => {
      const message = await refusal(urlOf(plain, "?sslmode=verify-full"));
      expect(message).toContain("does not support SSL");
      expect(message).toContain("Turn ssl on at the server");
    }, 60_000);

    test("a server that wants TLS refuses who comes without, and one who has the wrong password", async () => {
      expect(await refusal(urlOf(secure, ""))).toContain("sslmode=verify-full");
      const query = `?sslmode=verify-full&sslrootcert=${ours.authority}`;
      const message = await refusal(urlOf(secure, query, { secret: "wrong" }));
      expect(message).toContain("password authentication failed");
      expect(message).toContain("Check user and password");
    }, 60_000);

    test("the option ssl does what the URL can, as tls.connect takes it", async () => {
      const store = postgres(urlOf(secure, ""), { namespace: "option", ssl: { rejectUnauthorized: false } });
      expect(await store.find({})).toEqual([]);
      await store.close();
      const refusing = postgres(urlOf(secure, ""), { ssl: true });
      await expect(refusing.find({})).rejects.toMatchObject({
        message: expect.stringContaining("certificate"),
      });
      await refusing.close();
    }, 60_000);
  },
);
