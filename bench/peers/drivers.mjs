// Compares the drivers pg and postgres with the one kind of call that the store makes: a function with one JSON text in
// and one out. Usage: node drivers.mjs postgres://…
import { once } from "node:events";
import pg from "pg";
import postgres from "postgres";

const url = process.argv[2] ?? process.env.DATABASE_URL;
const small = JSON.stringify({ id: 1, text: "x".repeat(300) });
const large = JSON.stringify({ id: 1, text: 'say "x"\n'.repeat(32_000) });
const sql = "SELECT bench_echo($1::text) AS answer";

const admin = new pg.Client({ connectionString: url });
await admin.connect();
await admin.query(
  "CREATE OR REPLACE FUNCTION bench_echo(request text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
);

const drivers = {
  "pg, unnamed": () => withPg({}, (client, text) => client.query(sql, [text])),
  "pg, named": () => withPg({}, (client, text) => client.query({ name: "echo", text: sql, values: [text] })),
  "pg, unnamed, pipeline": () => withPg({ pipeline: true }, (client, text) => client.query(sql, [text])),
  "postgres, unnamed": () => withPostgres({ prepare: false }),
  "postgres, named": () => withPostgres({ prepare: true }),
};

async function withPg(options, call) {
  const client = new pg.Client({ connectionString: url, ...options });
  await client.connect();
  return {
    call: async (text) => (await call(client, text)).rows[0].answer,
    end: () => client.end(),
    drop: () => admin.query("SELECT pg_terminate_backend($1)", [client.processID]),
    hang: () => client.query("SELECT pg_sleep(30)"),
    swallow: () => client.on("error", () => {}),
  };
}

async function withPostgres(options) {
  const client = postgres(url, { max: 1, onnotice: () => {}, ...options });
  await client`SELECT 1`;
  const [{ pid }] = await client`SELECT pg_backend_pid() AS pid`;
  return {
    call: async (text) => (await client.unsafe(sql, [text]))[0].answer,
    end: () => client.end(),
    drop: () => admin.query("SELECT pg_terminate_backend($1)", [pid]),
    hang: () => client`SELECT pg_sleep(30)`,
    swallow: () => {},
  };
}

const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];

async function oneByOne(call, text, count) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await call(text);
    times.push(performance.now() - start);
  }
  return `${median(times).toFixed(3)} ms`;
}

async function atOnce(call, text, count, lanes) {
  const start = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let i = 0; i < count / lanes; i++) await call(text);
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const rate = Math.round((count / (performance.now() - start)) * 1_000);
  return `${rate}/s (${Math.round((user + system) / count)} µs CPU)`;
}

async function notifyLatency(listen) {
  const times = [];
  for (let i = 0; i < 300; i++) {
    const start = performance.now();
    const heard = listen();
    await admin.query("SELECT pg_notify('bench', '')");
    await heard;
    times.push(performance.now() - start);
  }
  return `${median(times).toFixed(3)} ms`;
}

const rows = {};
for (const round of [1, 2]) {
  for (const [name, open] of Object.entries(drivers)) {
    const driver = await open();
    await oneByOne(driver.call, small, 500);
    const row = {
      "one by one": await oneByOne(driver.call, small, 5_000),
      "20 at once, one connection": await atOnce(driver.call, small, 20_000, 20),
      "256 kB each way": await oneByOne(driver.call, large, 100),
    };
    driver.swallow();
    const silence = new Promise((resolve) => setTimeout(resolve, 3_000, "still waiting"));
    const told = Promise.resolve(driver.hang()).then(
      () => "resolved",
      (error) => error.code ?? error.message,
    );
    const hanging = Promise.race([told, silence]);
    setTimeout(() => void driver.drop(), 50);
    const start = performance.now();
    row["cut while asking"] = `${await hanging} after ${Math.round(performance.now() - start - 50)} ms`;
    await Promise.race([driver.end().catch(() => {}), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    if (round === 2) rows[name] = row;
    console.error(round, name, row);
  }
}
console.table(rows);

const pgListener = new pg.Client({ connectionString: url });
await pgListener.connect();
await pgListener.query("LISTEN bench");
console.log("pg, LISTEN:", await notifyLatency(() => once(pgListener, "notification")));
await pgListener.end();
const listening = postgres(url, { max: 1 });
let wake = () => {};
await listening.listen("bench", () => wake());
console.log("postgres, LISTEN:", await notifyLatency(() => new Promise((resolve) => (wake = resolve))));
await listening.end();
await admin.query("DROP FUNCTION bench_echo(text)");
await admin.end();

process.exit(0);
