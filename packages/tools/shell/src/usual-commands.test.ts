import { expect, it } from "vitest";
import { checkCommand } from "./check-command.ts";
import { parsePolicy } from "./policy/command-policy.ts";

const names =
  "git node python3 perl make npm tar uniq sort sed awk find grep curl openssl sqlite3 kubectl pip less cat";
const policy = parsePolicy({
  allow: [...names.split(" ").map((name) => `${name} *`), "npx tsc *", "npx -y eslint *"],
});

/** Rules against evasions are worth little when they stop the work. */
it.each([
  "git --no-pager log -p HEAD",
  "git --no-pager diff config",
  "git log --oneline -n 5 -- config",
  "git fast-export HEAD | cat",
  "node --experimental-strip-types src/main.ts",
  "node --no-warnings scripts/build.mjs --title x",
  "node --test",
  "node --test --test-name-pattern=login src/login.test.js",
  "node --enable-source-maps dist/index.js",
  "python3 -u scripts/run.py",
  "python3 -W ignore scripts/run.py",
  "python3 scripts/fd/3.py",
  "perl -w scripts/run.pl",
  "make -j4 test",
  "make --jobs=4 build",
  "npm --silent run test",
  "npm --loglevel warn run build",
  "npm ci && npm test",
  "npx tsc --noEmit",
  "npx -y eslint src",
  "tar xzf release.tgz -C out",
  "tar --exclude=node_modules -czf out.tgz src",
  "tar tf release.tgz | sort",
  "sort names.txt | uniq -c",
  "uniq -- names.txt",
  "curl -fsS https://example.com/a?b=c",
  "curl -H 'Accept: application/json' https://example.com/",
  "openssl x509 -noout -text -in cert.pem",
  "openssl rsa -pubout -in key.pem",
  "sqlite3 app.db 'select count(*) from users'",
  "kubectl -n shop get pods",
  "pip install -r requirements.txt",
  "less README.md",
])("%j is left alone", (command) => {
  expect(checkCommand(command, policy)).toMatchObject({ allowed: true });
});

it.each(["npx *", "tmux *", "uvx *"])("%j allows everything, and is refused for that", (pattern) => {
  expect(() => parsePolicy({ allow: [pattern] })).toThrow(expect.objectContaining({ field: "allow[0]" }));
});
