import { spawn, spawnSync } from 'node:child_process'
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { semantos, top, workspace } from '../cli/semantos.js'
import { mayTouchKernel } from '../faults/kernel.js'

const real = join(top, 'experiments', 'real')
const Report = z.object({ trials: z.array(z.object({ result: z.object({ requests: z.number(), latency: z.object({ p95_ms: z.number() }) }) })) })
const NEEDS: Record<string, readonly string[]> = { 'accept-queue': ['ip', 'ss'], neighbours: ['ip', 'ss'], 'read-ahead': ['fio'], scheduler: ['nginx', 'stress-ng', 'wrk'], 'udp-burst': ['ss'], writeback: ['fio'] }
const missing = (programs: readonly string[]) => programs.some((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)

/** Each load for a second or three, with files of 64 MB; what is late for want of a processor is no loss. */
const SHORTER: readonly (readonly [RegExp, string])[] = [
  [/seconds: 5/, 'seconds: 1'], [/-d5s/, '-d3s'], [/--runtime=4/, '--runtime=2'], [/count=8192/, 'count=64'], [/--size=6g/, '--size=64m'], [/sleep 3/, 'sleep 1'], [/started \+ 6000/, 'started + 1000'], [/limitMs: 1000\b/, 'limitMs: 5000'],
]

/** The experiments, with shorter loads whose files are in the copy. */
function shortened(): string {
  const folder = workspace('real')
  cpSync(real, folder, { recursive: true })
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(mjs|yaml)$/.test(file))) {
    const text = readFileSync(join(folder, path), 'utf8').replaceAll('/var/tmp/semantos-', join(folder, 'file-'))
    writeFileSync(join(folder, path), SHORTER.reduce((so, [from, to]) => so.replace(from, to), text))
  }
  return folder
}

describe.skipIf(!mayTouchKernel)('the experiments on the real kernel (needs root)', { timeout: 600_000 }, () => {
  let folder = ''
  beforeAll(() => void (folder = shortened()))
  afterAll(() => expect(readFileSync('/proc/net/dev', 'utf8')).not.toContain('semantos'))

  for (const [name, programs] of Object.entries(NEEDS)) test.skipIf(missing(programs))(`the workload ${name} runs and answers (needs ${programs.join(', ')})`, async () => {
    const ended = await semantos(folder, 'tune', '--workload', join(name, 'workload.yaml'), '--budget', '4', '--json', '--state-dir', join(folder, 'state'), '--kb', join(folder, 'kb'))
    expect(ended.status, ended.stderr).toBe(0)
    const { trials } = Report.parse(JSON.parse(ended.stdout))
    expect(trials).toHaveLength(4)
    for (const { result } of trials) {
      expect(result.requests).toBeGreaterThan(0)
      expect(result.latency.p95_ms).toBeGreaterThan(0)
    }
  })

  test.skipIf(missing(['ss']))('stopped by SIGINT, run.mjs takes everything back and has compared it to the byte (needs ss)', async () => {
    const knob = '/proc/sys/net/core/rmem_default'
    const before = readFileSync(knob, 'utf8')
    const child = spawn(process.execPath, [join(real, 'run.mjs'), 'udp-burst'], { stdio: ['ignore', 'ignore', 'pipe'] })
    let [said, during] = ['', '']
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString()
      if (during !== '' || !said.includes('started from')) return
      during = readFileSync(knob, 'utf8')
      // In the middle of the tune's trials.
      setTimeout(() => child.kill('SIGINT'), 3000)
    })
    const status = await new Promise((resolve) => child.on('close', resolve))
    expect(status, said).toBe(130)
    expect(said).toContain('stopped by SIGINT')
    expect(said).toContain('every value is as it was, to the byte')
    expect(during).toBe('16384\n')
    expect(readFileSync(knob, 'utf8')).toBe(before)
  })
})
