import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from '@semantos/core'
import { configJson, configModule } from './config.js'
import type { Imported } from './imported.js'

const IMPORTED: Imported = {
  settings: [
    { knob: 'vm.swappiness', value: 10, condition: null, source: { file: 'p/tuned.conf', line: 7 } },
    { knob: 'block.read_ahead_kb[sd*]', value: 4096, condition: 'raise only', source: { file: 'p/tuned.conf', line: 9 } },
    { knob: 'net.ipv4.tcp_rmem', value: [4096, 87380, 16777216], condition: null, source: { file: 'p/tuned.conf', line: 11 } },
    { knob: 'thp.enabled', value: "it's", condition: null, source: { file: 'p/tuned.conf', line: 12 } },
  ],
  unmapped: [{ key: 'script', value: 's.sh', reason: 'it runs a script', source: { file: 'p/tuned.conf', line: 20 } }],
}

const Fixed = z.object({ extends: z.string(), reasoning: z.object({ use: z.string(), options: z.object({ rationale: z.string(), values: z.record(z.string(), z.unknown()) }) }) })

/** What the module hands to reasoning-fixed, by running it with stand-ins for its imports. */
function run(module: string): unknown {
  const body = module.replace(/^import .*$/gm, '').replace('export default ', 'return ')
  const globals = { defineConfig: (config: unknown) => config, host: () => '@semantos/preset-host', fixed: (options: unknown) => ({ use: '@semantos/reasoning-fixed', options }) }
  const json: unknown = runInNewContext(`JSON.stringify((() => {${body}\n})())`, globals)
  return JSON.parse(z.string().parse(json))
}

describe('a config of an import', () => {
  it('as a module: the values with their places, and what was left as comments', () => {
    expect(configModule(IMPORTED, { title: 'tuned profile p' })).toMatchInlineSnapshot(`
      "import { defineConfig } from '@semantos/core'
      import { host } from '@semantos/preset-host'
      import fixed from '@semantos/reasoning-fixed'

      // Imported from tuned profile p.
      // Not taken over:
      //   p/tuned.conf:20: script = s.sh: it runs a script
      export default defineConfig({
        extends: host(),
        reasoning: fixed({
          rationale: 'imported from tuned profile p',
          values: {
            'vm.swappiness': 10, // p/tuned.conf:7
            'block.read_ahead_kb[sd*]': { at_least: 4096 }, // p/tuned.conf:9
            'net.ipv4.tcp_rmem': [4096, 87380, 16777216], // p/tuned.conf:11
            'thp.enabled': 'it\\'s', // p/tuned.conf:12
          },
        }),
      })
      "
    `)
  })

  it('says the same as a module and as JSON, whatever stands in names, values and places', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom("'", '\\', "\\'", '*/', '\n', '\u2028', '`${x}`', '// ', "'], evil: ['"))
    const value = fc.oneof(fc.integer(), text, fc.array(fc.integer(), { minLength: 1 }))
    const setting = fc.record({ knob: text.filter((knob) => knob !== '__proto__'), value, condition: fc.constantFrom(null, 'raise only' as const, 'lower only' as const), source: fc.record({ file: text, line: fc.nat() }) })
    const left = fc.record({ key: text, value: text, reason: text, source: fc.record({ file: text, line: fc.nat() }) })
    fc.assert(
      fc.property(fc.array(setting), fc.array(left), text, (settings, unmapped, title) => {
        const json = Fixed.parse(JSON.parse(configJson({ settings, unmapped }, { title })))
        expect(run(configModule({ settings, unmapped }, { title }))).toEqual(json)
        expect(Object.keys(json.reasoning.options.values)).toHaveLength(new Set(settings.map(({ knob }) => knob)).size)
      }),
      { numRuns: 60 },
    )
  })
})
