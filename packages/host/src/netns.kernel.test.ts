import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { knobOf } from '../../../tests/faults/fake-root.js'
import { TestNamespace, mayTouchKernel } from '../../../tests/faults/kernel.js'
import { stateDir } from '../../../tests/faults/writing.js'
import { enterNetns } from './netns.js'
import { openHost } from './host.js'
import { Run } from './run.js'

describe.skipIf(!mayTouchKernel)('a named network namespace (needs root)', () => {
  test('is found under /run/netns, and the command given runs inside', async () => {
    await using namespace = await TestNamespace.create()
    const name = `semantos-test-${process.pid}`
    mkdirSync('/run/netns', { recursive: true })
    writeFileSync(`/run/netns/${name}`, '')
    execFileSync('mount', ['--bind', `/proc/${namespace.spec}/ns/net`, `/run/netns/${name}`])
    try {
      const { scope, inside, command } = enterNetns(name)
      expect({ scope, inside }).toEqual({ scope: { kind: 'netns', name, path: `/run/netns/${name}`, inode: statSync(`/proc/${namespace.spec}/ns/net`).ino }, inside: false })
      const [program, ...rest] = command
      const seen = execFileSync(program, [...rest.slice(0, rest.indexOf('--') + 1), 'readlink', '/proc/self/ns/net'], { encoding: 'utf8' })
      expect(seen.trim()).toBe(`net:[${scope.inode ?? ''}]`)
    } finally {
      execFileSync('umount', [`/run/netns/${name}`])
      rmSync(`/run/netns/${name}`)
    }
  })

  test('a file that is no namespace is refused', () => {
    const name = `semantos-none-${process.pid}`
    mkdirSync('/run/netns', { recursive: true })
    writeFileSync(`/run/netns/${name}`, '')
    try {
      expect(() => enterNetns(name)).toThrow(/there is no network namespace/)
    } finally {
      rmSync(`/run/netns/${name}`)
    }
  })

  test('a journal says whose values it holds', async () => {
    await using run = await Run.open({ root: '/', stateDir: stateDir(), run: 'scoped', command: [], version: '0.0.0', guard: false, scope: enterNetns(String(process.pid)).scope })
    expect(run.root).toBe('/')
    expect(openHost({ root: '/', scope: enterNetns(String(process.pid)).scope }).readKnob(knobOf('net.core.no_such', { where: { netns: 'host-only' } }))).toMatchObject([{ reason: "exists only in the host's own network namespace" }])
  })
})
