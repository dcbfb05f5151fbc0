import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from '@semantos/core'
import { describe, expect, test } from 'vitest'
import { semantos, workspace } from './semantos.js'

const folder = workspace('explain-run')
writeFileSync(
  join(folder, 'semantos.config.mjs'),
  "import { reproduction } from '@semantos/preset-reproduction'\nexport default { ...reproduction(), paths: { results: 'results', knowledge: 'kb', sandbox: 'sandbox/sysctl.conf', backup: 'backup' } }\n",
)

describe('semantos explain RUN', () => {
  test('tells from the symptom to the change what the last run did, and knows no other', async () => {
    expect(await semantos(folder, 'run')).toMatchObject({ status: 0 })
    const report = z.looseObject({ run: z.string() }).parse(JSON.parse(readFileSync(join(folder, 'results', 'run.json'), 'utf8')))
    const { stdout, status } = await semantos(folder, 'explain', report.run)
    expect(status).toBe(0)
    expect(stdout).toMatch(/vm\.swappiness from 60 to 10, proposed by @semantos\/reasoning-rules\. Telemetry showed p95_ms = /)
    expect(stdout).toMatch(/It was applied, and the kernel stored 10; monitoring said promote/)
    expect(stdout).toMatch(/The run ended: applied\. Measured: /)
    expect(JSON.parse((await semantos(folder, 'explain', report.run, '--json')).stdout)).toEqual(report)

    const unknown = await semantos(folder, 'explain', '19990101T000000Z-abcdef')
    expect(unknown.status).toBe(2)
    expect(unknown.stderr).toContain('SEMANTOS_E_RUN_UNKNOWN')
  })
})

describe('semantos sweep', () => {
  test('prints each pair, writes the edges, and says how right it was', async () => {
    const { stdout, status } = await semantos(folder, 'sweep', '--knobs', 'vm.dirty_*ratio,vm.swappiness', '--trials', '12')
    expect(status).toBe(0)
    expect(stdout).toMatch(/vm\.dirty_background_ratio=\d+ vm\.dirty_ratio=\d+ .* conflicts_with/)
    expect(stdout).toContain('precision 1.00, recall 1.00')
    const edges = z.array(z.looseObject({ kind: z.string(), source: z.string() })).parse(JSON.parse(readFileSync(join(folder, 'kb', 'edges.json'), 'utf8')))
    expect(edges.map(({ kind }) => kind)).toEqual(['conflicts_with', 'depends_on'])
    expect(edges[0]?.source).toMatch(/^sweep 20260101T000000Z-/)
  })

  test('needs leave to touch a running kernel', async () => {
    const ended = await semantos(folder, 'sweep', '--applier', 'sysctl', '--knobs', 'vm.swappiness')
    expect(ended.status).toBe(2)
    expect(ended.stderr).toContain('--apply')
  })
})
