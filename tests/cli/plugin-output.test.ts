import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunReport } from '@semantos/core'
import { expect, test } from 'vitest'
import { semantos, workspace } from './semantos.js'

test('what a plugin prints is on stderr, and the JSON document alone on stdout', async () => {
  const folder = workspace('plugin-output')
  writeFileSync(join(folder, 'semantos.config.mjs'), `
    import { definePlugin, z } from '@semantos/core'
    import { reproduction } from '@semantos/preset-reproduction'
    const chatty = definePlugin({ name: 'chatty', stage: 'any', api: 1, options: z.strictObject({}), setup: () => { console.log('hello'); console.table([[1]]) } })
    export default { extends: reproduction(), plugins: [chatty()] }
  `)
  const { status, stdout, stderr } = await semantos(folder, '--trials', '2', '--json')
  expect(stderr).toMatch(/^hello\n┌/)
  expect(RunReport.parse(JSON.parse(stdout)).outcome).toBe('applied')
  expect(status).toBe(0)
})
