import type { FlagRule } from "./flag-rules.ts";

/**
 * Flags and operands by which common commands run other programs, or write files though their purpose is to read.
 * They are refused unless a pattern names them. Sources: the manual pages of the commands, and GTFOBins.
 */
export const deniedFlags: Readonly<Record<string, readonly FlagRule[]>> = {
  // Searching and listing
  ack: words("--pager --output --ackrc"),
  ag: words("--pager"),
  fd: words("-x -X --exec --exec-batch"),
  fdfind: words("-x -X --exec --exec-batch"),
  file: words("-C -m --compile --magic-file"),
  find: words("-exec -execdir -ok -okdir -delete -fprint -fprint0 -fprintf -fls"),
  rg: words("--pre --hostname-bin --search-zip -z"),
  tree: words("-o --output"),
  bat: words("--pager --paging --diagnostic"),
  batcat: words("--pager --paging --diagnostic"),
  fzf: words("--preview --bind --listen --with-shell"),

  // Text
  awk: words(`
    -f -E -i -l -d -o -p -D -W --file --exec --include --load --dump-variables --pretty-print --profile
    --debug
  `),
  date: words("-s --set"),
  ed: words("/./"),
  diff3: words("--diff-program"),
  iconv: words("-o --output"),
  jq: words("-f --from-file -L --library-path"),
  less: words("-o -O -k --log-file --LOG-FILE --lesskey /^\\+/ /^--lesskey/"),
  more: words("/^\\+/"),
  man: words(`
    -P -H -C -M -X -T -Z -l -p --pager --html --config-file --manpath --gxditview --local-file
    --preprocessor --troff-device --ditroff
  `),
  patch: words("-e --ed -o --output -r --reject-file"),
  printf: words("^-v"),
  pr: words("--output"),
  sdiff: words("-o --output --diff-program"),
  sed: words("-i -f --in-place --file"),
  shuf: words("-o --output --random-source"),
  sort: words("-o -T --output --compress-program --temporary-directory --files0-from"),
  split: words("--filter"),
  test: words("=-v =-R"),
  "[": words("=-v =-R"),
  xxd: words("-r"),
  yq: words("-i -s --inplace --split-exp --from-file"),

  // Archives and copies
  bsdtar: words("-I --use-compress-program"),
  cpio: words("-F -I -O -H --rsh-command --file"),
  gzip: words("-S"),
  rsync: words(`
    -e -M -T --rsh --rsync-path --daemon --config --log-file --write-batch --only-write-batch
    --read-batch --remote-option --temp-dir --files-from --password-file
  `),
  tar: words(`
    -I -F -T -P --to-command --use-compress-program --info-script --new-volume-script
    --checkpoint-action --rsh-command --rmt-command --files-from --absolute-names --index-file
    --add-file --one-top-level /^[^/]*:/ -g --listed-incremental --volno-file --remove-files
  `),
  unzip: words("-d -:"),
  zip: words("-T -TT --test --unzip-command -@"),

  // Network
  curl: words(`
    -K -o -O -D -c -T -F --config --output --output-dir --remote-name --remote-name-all --dump-header
    --cookie-jar --trace --trace-ascii --stderr --libcurl --upload-file --form --engine --etag-save
    --hsts --alt-svc --proxy --unix-socket --abstract-unix-socket --netrc-file /^(?:-[A-Za-z]*)?@|=@/
    --ssl-sessions /^--expand-/ /%output\\{/
  `),
  nc: words("-e -c --exec --sh-exec --lua-exec"),
  ncat: words("-e -c --exec --sh-exec --lua-exec"),
  scp: words("-S -o -F -J -D"),
  sftp: words("-S -o -F -J -D -b"),
  socat: words("/(?:exec|system|shell|create|open|file|gopen|pipe):/"),
  ssh: words("-o -F -E -I -J -L -R -D -W -w -S"),
  wget: words(`
    -O -o -a -P -e -i --output-document --output-file --append-output --directory-prefix --execute
    --config --use-askpass --input-file --save-cookies --post-file --body-file --warc-file --hsts-file
  `),

  // Editors and pagers
  emacs: words("-l -f --load --funcall --eval --execute --batch --script"),
  ex: words("-c -S -s -u -w -W --cmd /^\\+/"),
  nano: words("-s --speller -o --operatingdir -C --backupdir"),
  nvim: words("-c -S -s -u -l -w -W --cmd --headless /^\\+/"),
  vi: words("-c -S -s -u -w -W --cmd /^\\+/"),
  view: words("-c -S -s -u -w -W --cmd /^\\+/"),
  vim: words(`
    -c -S -s -u -w -W --cmd --startuptime --servername --remote --remote-expr --remote-send /^\\+/
  `),

  // Interpreters: code in an argument
  bash: words("-c -i -l -s -o -O --rcfile --init-file --login"),
  dash: words("-c -i -s -o"),
  fish: words("-c -C -i --command --init-command"),
  ksh: words("-c -i -s -o"),
  sh: words("-c -i -l -s -o -O --rcfile --init-file"),
  zsh: words("-c -i -s -o --emulate"),
  bun: words("-e -p -r --eval --print --preload --require =exec =x"),
  deno: words("@eval @repl -A --allow-all --preload --require"),
  lua: words("-e -l -i"),
  node: words(`
    -e -p -r -i -C --eval --print --require --import --loader --experimental-loader --interactive
    --inspect --inspect-brk --env-file --openssl-config --diagnostic-dir --cpu-prof --heap-prof
    --redirect-warnings --report-dir --run --build-sea --experimental-sea-config @inspect @debug
    --snapshot-blob --build-snapshot
    --build-snapshot-config --logfile --prof --trace-event-file-pattern --trace-event-categories
    --trace-events-enabled --tls-keylog --report-directory --report-filename --redirect-code-traces-to
    --experimental-config-file --experimental-default-config-file --localstorage-file
    /^--test.(?:reporter|global)/ /^--(?:trace.turbo|turbo.profiling|log.|perf.)/
  `),
  osascript: words("-e"),
  perl: words("-e -E -i -M -m -I -d -x -F"),
  php: words(`
    -r -B -R -F -E -d -c -a -z -S --run --process-begin --process-code --process-end --define --php-ini
    --server --interactive
  `),
  python: words("-c -i -m -x /pycache_prefix/"),
  Rscript: words("-e --init-file"),
  ruby: words("-e -i -r -I -x -C"),
  ts_node: words("-e -p -r"),

  // Builds and packages
  cargo: words("-Z --config --target-dir --manifest-path /^\\+/"),
  cc: words("-o -wrapper -B -specs -fplugin /^@/ /^-(?:fplugin|specs|Wl,.*plugin)/"),
  eslint: words(`
    -c -f -o --config --format --output-file --rulesdir --plugin --parser --resolve-plugins-relative-to
    --fix --cache-location --fix-type
  `),
  ar: words("--plugin"),
  gcc: words("-o -wrapper -B -specs -fplugin /^@/ /^-(?:fplugin|specs|Wl,.*plugin)/"),
  go: words(`
    -exec -toolexec -o -overlay -modfile -ldflags -gcflags -asmflags -gccgoflags -vettool -C -modcacherw
    -pkgdir =generate -w
  `),
  hg: words("--config --debugger --repository -R --cwd"),
  install: words("--strip-program"),
  make: words(`
    -f -C -I -E --file --makefile --directory --eval --include-dir /^(?!--?[a-z][a-z-]*=)[^=]*=/
  `),
  mypy: words("--python-executable --config-file --cache-dir"),
  nm: words("--plugin"),
  npm: words(`
    -c -C --call --prefix --script-shell --node-options --userconfig --globalconfig --shell --editor
    --viewer --browser --git --init-module --onload-script --cache --registry @exec @x @explore @edit
    @config @set @pkg
  `),
  npx: words(`
    -c --call --prefix --script-shell --node-options --userconfig --globalconfig --shell --registry
  `),
  pip: words(`
    --prefix --target --root --index-url --extra-index-url -i -t --python --log --editable -e @config
    --editor
  `),
  pnpm: words(`
    -C -c --dir --shell-mode --script-shell --node-options --config --prefix --registry @exec @dlx
    @config @set
  `),
  prettier: words("--plugin --config --write -w --cache-location"),
  pandoc: words("-F -L -o -d -t --filter --lua-filter --output --pdf-engine --defaults --to"),
  pylint: words("--init-hook --load-plugins --rcfile --output"),
  pytest: words(`
    -c -p -o --rootdir --confcutdir --basetemp --pdbcls --junitxml --junit-xml --log-file --debug
    --pastebin --override-ini
  `),
  tsc: words(`
    --outDir --outFile --declarationDir --tsBuildInfoFile --generateTrace --generateCpuProfile --init
  `),
  yarn: words("--cwd --script-shell --use-yarnrc --registry @exec @dlx @node @config"),

  // Databases, debuggers, system
  dc: words("-e -f --expression --file"),
  dpkg: words("--pre-invoke --post-invoke --root --admindir --instdir"),
  jobs: words("-x"),
  nmap: words("--script --datadir -o --stylesheet"),
  rpm: words("-E -D --eval --define --predefine --pipe --macros --rcfile"),
  tcpdump: words("-z -w -W"),
  wait: words("-p"),
  at: words("-f"),
  env: words("-S --split-string"),
  gdb: words("-x -ex -ix -iex -eval-command -init-command -init-eval-command -command -batch"),
  mysql: words("-e --execute --pager --tee --init-command --defaults-file --plugin-dir"),
  openssl: words(`
    -engine -provider -provider-path -config -out -writerand -keyout -outdir -msgfile -keylogfile
    -CAserial -CAcreateserial /^--?(?!(?:no|pub|pk7|param_|time)out$)[a-z0-9_]*out$/
  `),
  psql: words("-c -f -o -L -v --command --file --output --log-file --set --variable"),
  script: words("-c --command"),
  sqlite3: words("-cmd -init /^\\s*\\.|\\n\\s*\\./"),
  svn: words("--diff-cmd --diff3-cmd --editor-cmd --config-option --config-dir"),
  systemctl: words("-H -M @edit @set-environment @import-environment @link"),
  apt: words("-o -c --option --config-file"),
  "apt-get": words("-o -c --option --config-file"),
  gh: words("@alias @extension @config"),
  ip: words("-b -batch =exec"),
  kubectl: words("@exec @plugin @cp @edit @debug @run @attach @diff --kubeconfig"),

  // git, for all its subcommands and for some
  git: words(`
    ^-c ^-C ^-p ^--config-env ^--exec-path ^--git-dir ^--work-tree ^--paginate ^--namespace
    ^--attr-source ^--shallow-file ^--super-prefix --export-marks --unsafe-paths --upload-pack
    --receive-pack --exec --ext-diff --textconv --output --output-directory --open-files-in-pager
    --template --extcmd --config /^[a-z][a-z0-9+.-]*::/ @bisect--helper @citool @config @credential
    @credential-cache @credential-store @cvsimport @cvsserver @daemon @difftool @difftool--helper
    @fast-import @fetch-pack @filter-branch @filter-repo @for-each-repo @gui @hook @http-backend
    @imap-send @index-pack @instaweb @mailinfo @mailsplit @maintenance @merge-index @mergetool @p4
    @pack-objects @quiltimport @receive-pack @remote-ext @remote-fd @send-email @send-pack @sh-i18n
    @shell @submodule--helper @svn @upload-archive @upload-pack @web--browse
  `),
  "git archive": words("-o --remote"),
  "git bisect": words("=run =view =visualize"),
  "git bundle": words("=create"),
  "git bugreport": words("-o --diagnose"),
  "git cat-file": words("--filters"),
  "git checkout-index": words("--prefix"),
  "git clone": words("-u -c"),
  "git diagnose": words("-o"),
  "git format-patch": words("-o"),
  "git grep": words("-O"),
  "git help": words("-w -i --web --info"),
  "git rebase": words("-x -i --interactive"),
  "git submodule": words("=foreach =add"),
};

function words(text: string): readonly FlagRule[] {
  return text.trim().split(/\s+/);
}

/** Other names of the same programs. */
export const commandAliases: Readonly<Record<string, string>> = {
  "[[": "[",
  clang: "gcc",
  "clang++": "gcc",
  "g++": "gcc",
  "c++": "cc",
  egrep: "grep",
  fgrep: "grep",
  gawk: "awk",
  mawk: "awk",
  nawk: "awk",
  "original-awk": "awk",
  gfind: "find",
  gmake: "make",
  gsed: "sed",
  gsort: "sort",
  gtar: "tar",
  luajit: "lua",
  mariadb: "mysql",
  mksh: "ksh",
  nodejs: "node",
  pip3: "pip",
  pypy: "python",
  pypy3: "python",
  python2: "python",
  python3: "python",
  rvim: "vim",
  rview: "view",
  rbash: "bash",
  ash: "dash",
  rnano: "nano",
  gvim: "vim",
  vimdiff: "vim",
  "ts-node": "ts_node",
  tsx: "node",
};
