import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scratch, top, workspace } from '../cli/semantos.js'
import { mayTouchKernel } from '../faults/kernel.js'

const KNOB = 'net.ipv4.tcp_fin_timeout'
const value = () => Number(readFileSync('/proc/sys/net/ipv4/tcp_fin_timeout', 'utf8'))
const START = 47

/** A workload that takes no time to speak of, on a start with one knob mis-set. */
function experiments(): string {
  const folder = workspace('compare')
  mkdirSync(join(folder, 'tiny'))
  writeFileSync(join(folder, 'semantos.config.ts'), "import { host } from '@semantos/preset-host'\nexport default { extends: host() }\n")
  writeFileSync(join(folder, 'tiny', 'experiment.json'), JSON.stringify({ start: { [KNOB]: START }, best: {} }))
  writeFileSync(join(folder, 'tiny', 'scope.json'), JSON.stringify({ subsystems: ['ipv6'], devices: [], profiles: [] }))
  writeFileSync(join(folder, 'tiny', 'workload.yaml'), "use: '@semantos/workload-command'\noptions: { run: 'sleep 0.2; for i in 1 2 3 4; do echo $i; done', parser: { name: jsonl } }\n")
  return folder
}

describe.skipIf(!mayTouchKernel)('the comparison on the real kernel (needs root)', { timeout: 60_000 }, () => {
  test('stopped by SIGINT in the middle of a search, it takes everything back, the mis-set start too', async () => {
    const before = value()
    const words = [join(top, 'experiments', 'compare', 'run.mjs'), '--from', experiments(), '--workloads', 'tiny', '--trials', '20', '--results', scratch('compare'), '--state-dir', scratch('compare-state')]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] })
    const seen = new Set<number>()
    let [said, sent] = ['', false]
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString()
      seen.add(value())
      if (sent || !/random search\n.* 3\/20/s.test(said)) return
      // Once: while a process ends, Node's own handlers are gone, and a second signal would end it by itself.
      sent = child.kill('SIGINT')
    })
    const status = await new Promise((resolve) => child.on('close', resolve))
    expect(status, said).toBe(130)
    expect(said).toContain('every value is as it was, to the byte')
    expect(seen).toContain(START)
    expect(value()).toBe(before)
  })
})
