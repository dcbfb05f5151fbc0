import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHANGES, exported, hostile, missing, type Wish } from '../../../../tests/exchange/exporting.js'
import { fakeRoot, textIn } from '../../../../tests/faults/fake-root.js'

describe('shell', () => {
  const FILES = {
    'proc/sys/vm/swappiness': '60',
    'proc/sys/net/core/somaxconn': '4096',
    'proc/sys/net/ipv4/tcp_rmem': '4096\t131072\t6291456',
    'proc/sys/fs/mqueue/msg_max': '10',
    'sys/block/vda/queue/read_ahead_kb': '128',
    'sys/kernel/mm/transparent_hugepage/enabled': 'always',
  }

  /** A script on a root of its own. */
  function script(changes: readonly Wish[], files: Readonly<Record<string, string>> = FILES) {
    const root = fakeRoot(files)
    const file = join(root, 'settings.sh')
    writeFileSync(file, exported('shell', changes).text)
    return {
      root,
      run: (...args: readonly string[]) => spawnSync('sh', [file, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'], SEMANTOS_ROOT: root, SEMANTOS_STATE: join(root, 'state', 'old') } }),
      texts: () => Object.fromEntries(Object.keys(files).map((path) => [path, textIn(root, path)])),
      saved: () => existsSync(join(root, 'state', 'old')),
    }
  }

  function ends({ status, stderr }: { readonly status: number | null; readonly stderr: string }, wanted: number, words: string): void {
    expect(stderr).toContain(words)
    expect(status).toBe(wanted)
  }

  it('writes every value, and puts every old one back', () => {
    const { run, texts, saved } = script(CHANGES)
    ends(run('apply'), 0, '/proc/sys/vm/swappiness: 60 -> 10\n')
    expect(texts()).toEqual({
      'proc/sys/vm/swappiness': '10',
      'proc/sys/net/core/somaxconn': '8192',
      'proc/sys/net/ipv4/tcp_rmem': '4096 131072 16777216',
      'proc/sys/fs/mqueue/msg_max': '100',
      'sys/block/vda/queue/read_ahead_kb': '4096',
      'sys/kernel/mm/transparent_hugepage/enabled': 'madvise',
    })
    expect(run('undo')).toMatchObject({ status: 0, stderr: 'restored\n' })
    expect(texts()).toEqual(FILES)
    expect(saved()).toBe(false)
  })

  it('saves the chosen word of several, and passes over what the host lacks', () => {
    const { run, texts } = script(CHANGES, { 'sys/kernel/mm/transparent_hugepage/enabled': '[always] madvise never' })
    ends(run('apply'), 0, '/proc/sys/vm/swappiness: not on this host\n')
    expect(run('undo').status).toBe(0)
    expect(texts()).toEqual({ 'sys/kernel/mm/transparent_hugepage/enabled': 'always' })
  })

  it('refuses to apply twice, to undo nothing, and what it does not know', () => {
    const { run, texts } = script(CHANGES)
    ends(run('undo'), 2, 'nothing to undo')
    run('apply')
    ends(run('apply'), 2, 'applied already')
    run('undo')
    expect(texts()).toEqual(FILES)
    for (const args of [[], ['status'], ['apply', '--force'], ['undo', 'x']]) ends(run(...args), 2, 'usage')
  })

  it('leaves alone what somebody else has changed since, unless it is forced', () => {
    const { root, run, texts, saved } = script(CHANGES)
    run('apply')
    writeFileSync(join(root, 'proc/sys/vm/swappiness'), '33\n')
    ends(run('undo'), 1, '/proc/sys/vm/swappiness: is 33, was 60 before\n')
    expect(texts()).toEqual({ ...FILES, 'proc/sys/vm/swappiness': '33' })
    expect(saved()).toBe(true)
    expect(run('undo', '--force').status).toBe(0)
    expect(texts()).toEqual(FILES)
  })

  it('does not read what is no file', () => {
    const { root, run } = script(CHANGES, {})
    mkdirSync(join(root, 'proc/sys/vm'), { recursive: true })
    symlinkSync('/dev/zero', join(root, 'proc/sys/vm/swappiness'))
    ends(run('apply'), 0, '/proc/sys/vm/swappiness: not on this host\n')
  })

  it('takes back what it has written when a write fails', () => {
    const { root, run, texts, saved } = script([...CHANGES, { knob: 'ksm.run', from: 0, to: 1 }])
    // The kernel lets nobody write its own name.
    mkdirSync(dirname(join(root, 'sys/kernel/mm/ksm/run')), { recursive: true })
    symlinkSync('/proc/sys/kernel/ostype', join(root, 'sys/kernel/mm/ksm/run'))
    ends(run('apply'), 1, '/sys/kernel/mm/ksm/run: cannot write 1\n')
    expect(texts()).toEqual(FILES)
    expect(saved()).toBe(false)
  })

  it('restores what a write has reset, when it is forced: a folder does not do what the kernel does', () => {
    const files = { 'proc/sys/vm/dirty_ratio': '20', 'proc/sys/vm/dirty_bytes': '0' }
    const { root, run, texts } = script([{ knob: 'vm.dirty_bytes', from: 0, to: 536870912 }], files)
    run('apply')
    // What the kernel does with the other half, which a folder does not.
    writeFileSync(join(root, 'proc/sys/vm/dirty_ratio'), '0\n')
    expect(run('undo').status).toBe(1)
    expect(run('undo', '--force').status).toBe(0)
    expect(texts()).toEqual(files)
  })

  it('keeps the old values where nobody else can read them', () => {
    const { root, run } = script(CHANGES)
    run('apply')
    expect(statSync(join(root, 'state', 'old')).mode & 0o777).toBe(0o600)
  })

  it('writes exactly the value and runs nothing of it, whatever the values and reasons', () => {
    fc.assert(
      fc.property(hostile, (changes) => {
        const files = { 'proc/sys/net/test/word': 'a', 'proc/sys/fs/word': 'a', 'sys/block/vda/queue/word': 'a', 'sys/block/a.b:c@d-e/queue/word': 'a', 'sys/kernel/mm/word': 'a' }
        const pathOf = { 'net.test.word': 'proc/sys/net/test/word', 'fs.word': 'proc/sys/fs/word', 'disk.word[vda]': 'sys/block/vda/queue/word', 'disk.word[a.b:c@d-e]': 'sys/block/a.b:c@d-e/queue/word', 'mm.word': 'sys/kernel/mm/word' }
        const { root, run, texts } = script(changes, files)
        expect(run('apply').status).toBe(0)
        const wanted = Object.fromEntries(Object.entries(pathOf).map(([knob, path]) => [path, changes.find((change) => change.knob === knob)?.to ?? 'a']))
        expect(texts()).toEqual(wanted)
        expect(run('undo').status).toBe(0)
        expect(texts()).toEqual(files)
        rmSync(root, { recursive: true })
      }),
      { numRuns: 12 },
    )
  }, 60_000)

  it.each(['sh', 'dash', 'bash', 'busybox'])('is a script for %s', (shell) => {
    if (missing(shell, shell === 'busybox' ? '--help' : '-c')) return
    const args = shell === 'busybox' ? ['sh', '-n'] : ['-n']
    expect(spawnSync(shell, args, { input: exported('shell', CHANGES).text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })
})
