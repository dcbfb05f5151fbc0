import { test } from 'vitest'
import { fakeRoot, knobOf, textIn } from './fake-root.js'
import { killRuns, report } from './kills.js'
import { stateDir } from './writing.js'

const KILLS = Number(process.env['SEMANTOS_KILLS'] ?? 200)

const names = Array.from({ length: 20 }, (_, index) => `vm.knob_${index}`)
const knobs = names.map((name) => knobOf(name))
const files = Object.fromEntries(names.map((name, index) => [`proc/sys/${name.replace('.', '/')}`, String(1000 + index)]))
const rounds = [1, 2].map((round) => Object.fromEntries(names.map((name, index) => [name, round * 100 + index])))

test(`${KILLS} runs killed at random moments: every value is restored`, async () => {
  const tally = await killRuns(KILLS, async () => {
    const root = fakeRoot(files)
    return {
      applying: (index) => ({ root, stateDir: stateDir(), run: `kill-${index}`, knobs, rounds, guard: true }),
      look: () => Object.keys(files).map((path) => textIn(root, path)).join('\n'),
    }
  })
  report('fake root', KILLS, tally)
}, 900_000)
