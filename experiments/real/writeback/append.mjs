// A small writer beside a flood: appends 4 KiB and waits until it is on disk, 200 times a second. Latency is that of fdatasync.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const file = openSync(process.argv[2], 'a')
const block = Buffer.alloc(4096, 1)
const started = performance.now()
const lines = []
for (let due = started; due < started + 6000; due = Math.max(due + 5, performance.now() - 1000)) {
  await sleep(Math.max(0, due - performance.now()))
  const from = performance.now()
  writeSync(file, block)
  fdatasyncSync(file)
  lines.push((performance.now() - from).toFixed(3))
}
closeSync(file)
console.log(lines.join('\n'))
