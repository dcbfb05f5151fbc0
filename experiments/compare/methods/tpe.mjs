import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bestOf } from './best-of.mjs'

const PYTHON = '/usr/bin/python3'
const SERVER = fileURLToPath(new URL('tpe.py', import.meta.url))

/** Debian's Python with Debian's packages, whatever else is installed. */
function environment() {
  const { PYTHONPATH: _, PYTHONHOME: __, ...rest } = process.env
  return rest
}

/** Optuna's TPE with its defaults, in a process of its own, by ask and tell over lines of JSON. */
export function tpe(python = PYTHON) {
  return {
    name: "Optuna's TPE",
    unavailable: () => promisify(execFile)(python, ['-c', 'import optuna'], { env: environment() }).then(() => null, () => `${python} has no optuna (Debian: python3-optuna)`),
    async find(task) {
      // A session of its own: Ctrl-C is for the harness, which ends it.
      const server = spawn(python, [SERVER], { env: environment(), stdio: ['pipe', 'pipe', 'inherit'], detached: true })
      try {
        const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
        const say = (message) => void server.stdin.write(`${JSON.stringify(message)}\n`)
        server.stdin.on('error', () => undefined)
        say({ seed: Math.floor(task.random() * 2 ** 31), knobs: task.space.map(({ ref, places }) => ({ name: ref, places })) })
        return await bestOf(task, async () => answerOf(await lines.next(), task.space), (p95Ms) => say({ p95_ms: p95Ms }))
      } finally {
        server.kill('SIGKILL')
        if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
      }
    },
  }
}

function answerOf({ done, value }, space) {
  if (done) throw new Error('the optuna process ended early')
  const places = JSON.parse(value)
  return space.map(({ ref }) => places[ref])
}
