import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { fakeRoot } from '../../../tests/faults/fake-root.js'
import { FileReader } from './reader.js'

test('files of debugfs, which have no offsets to read at, are read again and again', async () => {
  const root = fakeRoot({})
  const path = '/sys/kernel/debug/sched/slice'
  mkdirSync(dirname(join(root, path)), { recursive: true })
  // As those files, a pipe answers a read at an offset with ESPIPE.
  execFileSync('mkfifo', [join(root, path)])
  const file = new FileReader(root).open(path)
  for (const value of ['3', '4']) {
    const writer = spawn('sh', ['-c', `echo ${value} > '${join(root, path)}'`])
    expect(file.read()).toEqual({ text: `${value}\n` })
    await once(writer, 'exit')
  }
})

test('a file that was replaced is read anew outside the kernel\'s trees', () => {
  const root = fakeRoot({ 'etc/a': '1' })
  const file = new FileReader(root).open('/etc/a')
  expect(file.read()).toEqual({ text: '1\n' })
  execFileSync('sh', ['-c', 'echo 2 > new && mv new a'], { cwd: join(root, 'etc') })
  expect(file.read()).toEqual({ text: '2\n' })
})
