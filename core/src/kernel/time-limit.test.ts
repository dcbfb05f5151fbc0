import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { withTimeLimit } from '@semantos/core'

const NEVER = new AbortController().signal
const forever = () => new Promise<never>(() => undefined)

describe('work within a time limit', () => {
  test('gives its answer, or its own error', async () => {
    expect(await withTimeLimit(NEVER, 60_000, async () => 'done')).toBe('done')
    await expect(withTimeLimit(NEVER, 60_000, async () => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
  })

  test('is told through its signal that the time is up, and not waited for where it does not listen', async () => {
    let told: unknown
    const work = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        told = signal.reason
      })
      return forever()
    }
    await expect(withTimeLimit(NEVER, 10, work)).rejects.toMatchObject({ name: 'TimeoutError', message: 'no answer within 10 ms' })
    expect(told).toMatchObject({ name: 'TimeoutError' })
  })

  test('ends with the reason of the run that stops, whatever the work makes of it', async () => {
    const run = new AbortController()
    const work = (signal: AbortSignal) => new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('socket hang up'))))
    const ended = withTimeLimit(run.signal, 60_000, work)
    run.abort(new Error('the run is stopped'))
    await expect(ended).rejects.toThrow('the run is stopped')
    await expect(withTimeLimit(run.signal, 60_000, forever)).rejects.toThrow('the run is stopped')
  })

  test('keeps to it on every Node while garbage is collected', () => {
    // Node 20 loses AbortSignal.timeout here.
    const said = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', `
      import { createServer } from 'node:http'
      import { once } from 'node:events'
      import { withTimeLimit } from '@semantos/core'
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const url = 'http://127.0.0.1:' + server.address().port
      const collecting = setInterval(gc, 10)
      const lost = setTimeout(() => { console.log('lost'); process.exit() }, 20_000)
      const run = new AbortController()
      await withTimeLimit(run.signal, 200, (signal) => fetch(url, { signal })).catch(({ name }) => console.log(name))
      clearInterval(collecting)
      clearTimeout(lost)
      server.closeAllConnections()
      server.close()
    `], { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8' })
    expect(said).toBe('TimeoutError\n')
  })
})
