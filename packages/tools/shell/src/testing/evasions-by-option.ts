import { attempts, type EvasionAttempt, inertAttempts, touch } from "./evasion-attempt.ts";

const unmerged = [1, 2, 3].map((stage) => `100644 $(git rev-parse HEAD:scripts/ok.sh) ${stage}\tf`);

const gitOptions = attempts(
  `git --namespace x config alias.y '!${touch}'; git y`,
  `git --namespace x -c alias.y='!${touch}' y`,
  `git --shallow-file x config alias.y '!${touch}'; git y`,
  `nice git --namespace x config alias.y '!${touch}'; git y`,
  `timeout 5 git --shallow-file x -c alias.y='!${touch}' y`,
  "git fast-export --export-marks=canary HEAD",
  "git mailinfo canary /dev/null <<< 'From: a <a@example.com>'",
  "git rev-list --objects HEAD | git pack-objects -q pk; git index-pack -o canary pk-*.pack",
  "git diagnose --mode=stats -o canary",
  `echo "${unmerged.join("\n")}" | git update-index --index-info; git merge-index ./evil/git -a`,
  "git log -1 --oneline --output canary",
  "git stash list; git diff --no-index --output=canary scripts evil",
);

/** What programs take for commands when it comes to them as input. */
const inputs = attempts(
  `vim -e -n scripts/ok.sh <<< '!${touch}'`,
  `printf ':!${touch}\\r:q!\\r' | vim -n scripts/ok.sh`,
  "vim -n -e <<< 'w canary'",
  `ed <<< '!${touch}'`,
  "ed -s <<< 'w canary'; touch canary",
  `sqlite3 <<< '.shell ${touch}'`,
  `sqlite3 -batch <<< '.shell ${touch}'`,
  `sqlite3 :memory: <<< '.shell ${touch}'`,
  `python3 -W ignore <<< 'open("canary","w")'`,
  `python3 -X dev <<< 'open("canary","w")'`,
  `echo 'open("canary","w")' | python3 -uW ignore`,
  `python3 -W ignore -X dev <<< 'open("canary","w")'`,
  `python3 --check-hash-based-pycs default <<< 'open("canary","w")'`,
  `python3 //dev/stdin <<< 'open("canary","w")'`,
  `python3 /./dev/stdin <<< 'open("canary","w")'`,
  `python3 ../../../../../../../../dev/stdin <<< 'open("canary","w")'`,
  `python3 /dev/../dev/fd/0 <<< 'open("canary","w")'`,
  `perl -w <<< 'open(F,">canary")'`,
  `perl /./dev/fd/0 <<< 'open(F,">canary")'`,
  `node --title x <<< 'require("fs").writeFileSync("canary","")'`,
  `node --unhandled-rejections strict <<< 'require("fs").writeFileSync("canary","")'`,
  `node --no-warnings <<< 'require("fs").writeFileSync("canary","")'`,
);

const operands = attempts(
  "uniq $(echo scripts/ok.sh canary)",
  "for f in 'scripts/ok.sh canary'; do uniq $f; done",
  "git mv scripts/ok.sh ./-x; uniq -- -x canary",
  "git mv scripts/ok.sh cIf; tar c?f 'touch canary;' /dev/null scripts",
  "tar cf /dev/null -g canary scripts",
  "tar cfg /dev/null canary scripts",
  "tar cf /dev/null --listed-inc=canary scripts",
  "tar cf /dev/null --volno-file=canary scripts",
  "sqlite3 :memory: \"VACUUM INTO 'canary'\"",
  "sqlite3 :memory: \"ATTACH DATABASE 'canary' AS c; create table c.t(a)\"",
  "sqlite3 :memory: \"select [writefile]('canary','x')\"",
  "sqlite3 :memory: \"select WriteFile/**/('canary','x')\"",
  "make 'foo-bar:=$(file >canary,x)'",
  "make -- '-x:=$(file >canary,x)'",
  "make -n -- '--x:=$(file >canary,x)'",
  "npm --loglevel silent pkg set scripts.y='touch canary'; npm run y",
);

const options = attempts(
  "less --lesskey-src=evil/lesskey scripts/ok.sh",
  "node --experimental_loader=./evil/evil.cjs scripts/ok.cjs",
  "node --redirect_warnings=canary scripts/warn.cjs",
  "node --test --test-reporter=./evil/evil.cjs scripts/ok.cjs",
  "node --prof --no-logfile-per-isolate --logfile=canary scripts/ok.cjs",
  "node --build-snapshot --snapshot-blob canary scripts/ok.cjs",
  "node --trace_event_categories v8 --trace_event_file_pattern canary scripts/ok.cjs",
  "node --trace-turbo-cfg-file=canary --trace-turbo scripts/ok.cjs",
  "python3 -X pycache_prefix=canary scripts/ok.py",
  "openssl s_client -msgfile canary -connect 127.0.0.1:9",
  "openssl s_client -keylogfile canary -connect 127.0.0.1:9",
  "install --strip-program=./evil/git -s scripts/ok.sh x",
  "diff3 --diff-program=./evil/git scripts/ok.sh scripts/ok.pl scripts/ok.py",
);

const elsewhere = inertAttempts(
  "the program, its version or what it would connect to is not on every machine, or bash's version is another",
  `git --attr-source HEAD config alias.y '!${touch}'; git y`,
  `git submodule--helper foreach '${touch}'`,
  "git apply --unsafe-paths --directory=/ <<< x",
  `npm --loglevel silent exec -c '${touch}'`,
  `npm --loglevel silent explore x -- ${touch}`,
  `printf 'exec require("fs").writeFileSync("canary","")\\n' | node inspect scripts/ok.cjs`,
  "curl -w '%output{canary}x' file:///etc/hostname",
  "curl --expand-output canary file:///etc/hostname",
  "curl -sd@/etc/hostname http://127.0.0.1:9/",
  `wait -n -p 'a[$(${touch}; echo 0)]'`,
  "openssl s_client -sess_out canary -connect 127.0.0.1:9",
  `echo \${ ${touch}; }`,
  `perl -F'/x/);open(F,q(>canary));(1' scripts/ok.pl scripts/ok.sh`,
);

/** What is hidden in the options, the operands and the input of programs. */
export const evasionsByOption: Readonly<Record<string, readonly EvasionAttempt[]>> = {
  gitOptions,
  inputs,
  operands,
  options,
  elsewhere,
};
