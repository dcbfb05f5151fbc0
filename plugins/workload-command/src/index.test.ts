import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SemantosError, type TakesEffect, type TrialResult, type z } from '@semantos/core'
import { ProcessCgroup } from '@semantos/host'
import { mount, type Mounted } from '@semantos/plugin-kit'
import { describe, expect, it } from 'vitest'
import workloadCommand from './index.js'
import { Options } from './options.js'

type Written = z.input<typeof Options>

/** As `expect.stringContaining`, of a type that can be assigned. */
const containing = (text: string): unknown => expect.stringContaining(text)
const error = (message: string): unknown => expect.objectContaining({ code: 'SEMANTOS_E_WORKLOAD', message: containing(message) })
const NODE = JSON.stringify(process.execPath)
const PATIENCE_MS = 100_000

async function measured(kit: Mounted, renew: TakesEffect[] = []): Promise<TrialResult> {
  const result = await kit.kernel.hooks.measure.run({ arm: 'baseline', index: 0, renew, knobs: new Map() }, kit.cycle)
  if (!result) throw new Error('nothing measured')
  return result
}

async function once(options: Written, renew: TakesEffect[] = []): Promise<TrialResult> {
  await using kit = await mount(workloadCommand(options), { timeLimitMs: PATIENCE_MS })
  return await measured(kit, renew)
}

const folder = () => mkdtempSync(join(tmpdir(), 'semantos-test-'))
const jsonl = { parser: { name: 'jsonl' } } as const satisfies Partial<Written>
const isRunning = (pid: number) => {
  try {
    // A zombie that nobody has collected yet has ended all the same.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

describe('a trial', () => {
  it('is read through its parser', async () => {
    const result = await once({ ...jsonl, run: 'for ms in 1 2 3 4; do echo $ms; done; echo \'{"duration_s":2}\'' })
    expect(result).toEqual({ latency: { p50_ms: 2.000895, p95_ms: 4, p99_ms: 4, max_ms: 4 }, throughput_per_s: 2, requests: 4, errors: 0, counters: {}, unseen: [] })
  })

  it('takes a list of words without a shell', async () => {
    expect((await once({ ...jsonl, run: ['echo', '7'] })).latency.max_ms).toBe(7)
  })

  it('runs its steps in order, in its folder and environment', async () => {
    const cwd = folder()
    const say = (word: string) => `echo ${word} $WHO >> steps`
    await once({
      ...jsonl, cwd, env: { WHO: 'me' }, between: [say('first'), say('second')], set_up: say('set-up'), warm_up: say('warm-up'), run: `${say('run')}; echo 1`, tear_down: say('tear-down'),
    })
    expect(readFileSync(join(cwd, 'steps'), 'utf8').split('\n')).toEqual(['first me', 'second me', 'set-up me', 'warm-up me', 'run me', 'tear-down me', ''])
  })

  it('reads stderr, or files that the run wrote into its own folder', async () => {
    expect((await once({ ...jsonl, run: 'echo 3 >&2', reads: 'stderr' })).latency.max_ms).toBe(3)
    expect((await once({ ...jsonl, run: 'echo 4 > $SEMANTOS_TRIAL_DIR/a.1; echo 5 > $SEMANTOS_TRIAL_DIR/a.2', reads: 'a.*' })).latency.max_ms).toBe(5)
    await expect(once({ ...jsonl, run: 'true', reads: 'absent.json' })).rejects.toEqual(error('no file absent.json'))
  })

  it('leaves no folder behind', async () => {
    const seen = join(folder(), 'seen')
    await once({ ...jsonl, run: `echo 1; echo $SEMANTOS_TRIAL_DIR > ${seen}` })
    expect(existsSync(readFileSync(seen, 'utf8').trim())).toBe(false)
  })

  it('tells what went wrong, in which step, and the last line that it printed', async () => {
    await expect(once({ ...jsonl, run: 'echo no disk >&2; exit 3' })).rejects.toEqual(error('run: "echo no disk >&2; exit 3" ended with status 3; it said last: "no disk"'))
    await expect(once({ ...jsonl, set_up: 'kill -9 $$', run: 'echo 1' })).rejects.toEqual(error('set_up: "kill -9 $$" was ended by SIGKILL'))
    await expect(once({ ...jsonl, run: ['/absent/tool'] })).rejects.toEqual(error('could not be started'))
    await expect(once({ ...jsonl, run: 'echo 1', cwd: 'absent' })).rejects.toEqual(error('there is no folder'))
    await expect(once({ ...jsonl, run: 'echo 1', user: 'nobody-of-that-name' })).rejects.toEqual(error('there is no user nobody-of-that-name'))
    await expect(once({ ...jsonl, run: 'echo fast' })).rejects.toEqual(error('jsonl: line 1 does not fit: "fast"'))
  })

  it('tears down also when it failed', async () => {
    const cwd = folder()
    await expect(once({ ...jsonl, cwd, run: 'exit 1', tear_down: 'touch torn-down' })).rejects.toEqual(error('status 1'))
    expect(existsSync(join(cwd, 'torn-down'))).toBe(true)
    await expect(once({ ...jsonl, run: 'echo 1', tear_down: 'exit 4' })).rejects.toEqual(error('tear_down'))
  })

  it.runIf(process.getuid?.() === 0)('drops to a user, who can write into its folder', async () => {
    const cwd = folder()
    execFileSync('chmod', ['755', cwd])
    await once({ ...jsonl, cwd, user: 'nobody', between: ['id -un > between'], run: 'id -un > $SEMANTOS_TRIAL_DIR/who; cat $SEMANTOS_TRIAL_DIR/who >&2; test $(id -un) = nobody; echo 1' })
    expect(readFileSync(join(cwd, 'between'), 'utf8')).toBe('root\n')
    await expect(once({ ...jsonl, cwd, user: 'nobody', run: 'touch here' })).rejects.toEqual(error('Permission denied'))
  })
})

describe.runIf(process.getuid?.() === 0)('a workload of another user (needs root)', () => {
  const nobody = { ...jsonl, cwd: '/', user: 'nobody' } as const

  it('inherits no secret, and has a home, a path and a temporary folder of its own', async () => {
    process.env['SEMANTOS_TEST_KEY'] = 'hunter2'
    const kept = join(folder(), 'env')
    writeFileSync(kept, '')
    execFileSync('chmod', ['-R', 'a+rwX', dirname(kept)])
    await once({ ...nobody, env: { MINE: 'yes' }, run: `env > ${kept}; touch "$TMPDIR/mine"; stat -c 'mode=%a' "$TMPDIR" >> ${kept}; echo 1` })
    const lines = readFileSync(kept, 'utf8').split('\n').filter((line) => !/^(?:LANG|LANGUAGE|LC_\w+|TZ|TERM|PWD|OLDPWD|SHLVL|_)=/.test(line))
    delete process.env['SEMANTOS_TEST_KEY']
    expect(lines.map((line) => line.split('=')[0]).filter(Boolean).sort()).toEqual(['HOME', 'LOGNAME', 'MINE', 'PATH', 'SEMANTOS_TRIAL_DIR', 'SEMANTOS_WRK_LATENCY', 'SHELL', 'TMPDIR', 'USER', 'mode'])
    expect(lines).toEqual(expect.arrayContaining(['HOME=/nonexistent', 'USER=nobody', 'MINE=yes', 'mode=700']))
  })

  it.each([
    ['a link to a file of root', 'ln -s /etc/shadow "$SEMANTOS_TRIAL_DIR/out"', 'ELOOP'],
    ['a pipe', 'mkfifo "$SEMANTOS_TRIAL_DIR/out"', 'no regular file'],
    ['a folder', 'mkdir "$SEMANTOS_TRIAL_DIR/out"', 'no regular file'],
    ['a file with a second name', 'echo 1 > "$TMPDIR/a"; ln "$TMPDIR/a" "$SEMANTOS_TRIAL_DIR/out"', 'a hard link'],
  ])('cannot have root read or wait for %s', async (_, make, why) => {
    await expect(once({ ...nobody, reads: 'out', run: make })).rejects.toEqual(error(why))
  })

  it('cannot replace what it prints', async () => {
    const replace = 'for file in "$SEMANTOS_TRIAL_DIR"/../run.std*; do rm -f "$file"; ln -s /etc/shadow "$file"; mkfifo "$file"; done 2> /dev/null; echo 1'
    expect((await once({ ...nobody, run: replace })).latency.max_ms).toBe(1)
  })

  it('may open its standard output anew', async () => {
    expect((await once({ ...nobody, run: 'echo 1 > /dev/stdout' })).latency.max_ms).toBe(1)
  })
})

it.runIf(process.getuid?.() === 0)('a workload that runs as root is warned about once, unless that is said (needs root)', async () => {
  for (const [user, warnings] of [[undefined, 1], ['root', 0]] as const) {
    await using kit = await mount(workloadCommand({ ...jsonl, cwd: '/', run: 'echo 1', ...(user && { user }) }), { timeLimitMs: PATIENCE_MS })
    await measured(kit)
    await measured(kit)
    expect(kit.logged.filter((line) => line.includes('the workload runs as root'))).toHaveLength(warnings)
  }
})

describe.concurrent('nothing is left running', () => {
  /** Forks a child that ignores SIGTERM, one in a session of its own, and one that also closed what it inherited but its output. */
  const forks = (pids: string) => `sh -c 'trap "" TERM; echo $$ >> ${pids}; while :; do sleep 0.1; done' &
    setsid sh -c 'echo $$ >> ${pids}; sleep 60' > /dev/null 2>&1 < /dev/null &
    setsid sh -c 'echo $$ >> ${pids}; exec sleep 60' 3>&- &
    while [ $(cat ${pids} 2>/dev/null | wc -l) -lt 3 ]; do sleep 0.01; done;`
  const started = (path: string) => readFileSync(path, 'utf8').trim().split('\n').map(Number)

  it('after a trial that went well, though set-up left processes for it', async () => {
    const pids = join(folder(), 'pids')
    await once({ ...jsonl, set_up: forks(pids), run: `for pid in $(cat ${pids}); do kill -0 $pid || exit 1; done; echo 1` })
    expect(started(pids)).toHaveLength(3)
    expect(started(pids).filter(isRunning)).toEqual([])
  })

  const cgroup = ProcessCgroup.make()
  cgroup?.remove()
  it.runIf(cgroup)('not even what closed all its files, left its session and cleared its environment (needs a cgroup)', async () => {
    const pids = join(folder(), 'pids')
    const away = `echo $$ > ${pids}; exec 0<&- 1>&- 2>&- 3>&-; sleep 60`
    await once({ ...jsonl, run: `env -i setsid -f sh -c '${away}'; while [ ! -s ${pids} ]; do sleep 0.01; done; echo 1` })
    expect(started(pids)).toHaveLength(1)
    expect(started(pids).filter(isRunning)).toEqual([])
  })

  it('after a time-out, which is an error', async () => {
    const pids = join(folder(), 'pids')
    await expect(once({ ...jsonl, run: `${forks(pids)} sleep 60`, time_limit_s: 5 })).rejects.toEqual(error('had not ended after 5 s'))
    expect(started(pids).filter(isRunning)).toEqual([])
  })

  it('after the trial was cut off, with its service, and a next trial waits for that', async () => {
    const pids = join(folder(), 'pids')
    const port = await freePort()
    // The first run is cut off; the second finds nothing of it.
    const run = `if [ $(wc -l < ${pids}) -gt 1 ]; then for pid in $(tail -n +2 ${pids}); do grep -q 'State:[^Z]*$' /proc/$pid/status && exit 1; done; echo 1; exit 0; fi
      ${forks(pids).replace('-lt 3', '-lt 4')} sleep 60`
    {
      await using kit = await mount(workloadCommand({ ...jsonl, run, service: { start: listener(port, pids), ready: { tcp: `127.0.0.1:${port}` } } }), { timeLimitMs: PATIENCE_MS })
      const cutOff = expect(measured(kit)).rejects.toMatchObject({ code: 'SEMANTOS_E_ABORTED' })
      while (!existsSync(pids) || started(pids).length < 4) await sleep(20)
      kit.run.abort(new SemantosError('SEMANTOS_E_ABORTED', { message: 'stopped' }))
      await cutOff
      kit.run.clearAbort()
      expect((await measured(kit)).latency.max_ms).toBe(1)
    }
    expect(started(pids)).toHaveLength(4)
    expect(started(pids).filter(isRunning)).toEqual([])
  })
})

/** A server that answers everything with the number of its process, which it appends to a file. */
function listener(port: number, pids: string): string {
  return `exec ${NODE} -e '
    require("node:fs").appendFileSync("${pids}", process.pid + "\\n")
    require("node:http").createServer((_, response) => response.end(String(process.pid))).listen(${port}, "127.0.0.1")'`
}

describe.concurrent('a service', () => {
  const starts = (path: string) => readFileSync(path, 'utf8').trim().split('\n').length

  it('stays from trial to trial, and is restarted for what only a restart renews', async () => {
    const pids = join(folder(), 'pids')
    const port = await freePort()
    {
      await using kit = await mount(
        workloadCommand({ ...jsonl, run: 'echo 1', fresh: ['new connections'], service: { start: listener(port, pids), ready: { http: `http://127.0.0.1:${port}/` } } }),
        { timeLimitMs: PATIENCE_MS },
      )
      expect((await measured(kit)).unseen).toEqual([])
      expect((await measured(kit, ['at once', 'new connections'])).unseen).toEqual([])
      expect(starts(pids)).toBe(1)
      expect((await measured(kit, ['next listen()', 'next boot', 'new cgroups'])).unseen).toEqual(['next boot', 'new cgroups'])
      expect(starts(pids)).toBe(2)
    }
    expect(readFileSync(pids, 'utf8').trim().split('\n').map(Number).filter(isRunning)).toEqual([])
  })

  it('that is a daemon is stopped by its command', async () => {
    const cwd = folder()
    const start = 'setsid sleep 60 3>&- > /dev/null 2>&1 & echo $! > pid; touch up'
    await using kit = await mount(workloadCommand({ ...jsonl, cwd, run: 'echo 1', service: { start, stop: 'kill $(cat pid); rm up', ready: { command: 'test -e up' }, restart_each_trial: true } }), { timeLimitMs: PATIENCE_MS })
    await measured(kit)
    const pid = Number(readFileSync(join(cwd, 'pid'), 'utf8'))
    expect(isRunning(pid)).toBe(true)
    await measured(kit)
    await expect.poll(() => isRunning(pid)).toBe(false)
    await kit.kernel.dispose()
    expect(readdirSync(cwd)).toEqual(['pid'])
  })

  it('that was there before is restarted and never stopped', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'up'), '')
    const service = { restart: 'echo restarted >> log', ready: { command: 'test -e up' } }
    {
      await using kit = await mount(workloadCommand({ ...jsonl, cwd, run: 'echo 1', service }), { timeLimitMs: PATIENCE_MS })
      await measured(kit)
      expect(existsSync(join(cwd, 'log'))).toBe(false)
      expect((await measured(kit, ['next listen()'])).unseen).toEqual([])
    }
    expect(readFileSync(join(cwd, 'log'), 'utf8')).toBe('restarted\n')
  })

  it('that does not come up, is another one, or ends during the trial, is an error', async () => {
    const port = await freePort()
    const ready = { tcp: `127.0.0.1:${port}` }
    const cwd = folder()
    // Ends the service, where there is one, and waits until it has ended.
    const run = 'pid=$(cat pid) && kill $pid && while kill -0 $pid; do sleep 0.01; done; echo 1'
    const trial = { ...jsonl, cwd, run }
    await expect(once({ ...trial, service: { start: 'echo no port >&2; exit 5', ready } })).rejects.toEqual(error('ended with status 5; it said last: "no port"'))
    await expect(once({ ...trial, service: { start: 'sleep 60', ready, ready_within_s: 0.2 } })).rejects.toEqual(error('was not ready within 0.2 s'))
    await expect(once({ ...trial, service: { start: `echo $$ > pid; exec ${NODE} -e 'process.on("SIGTERM", () => process.exit(7)); require("node:net").createServer().listen(${port}, "127.0.0.1")'`, ready } })).rejects.toEqual(
      error('ended with status 7 during the trial'),
    )
    const other = createServer().listen(port, '127.0.0.1')
    await expect(once({ ...trial, service: { start: 'sleep 60', ready } })).rejects.toEqual(error(`127.0.0.1:${port} answers before the service is started`))
    other.close()
  })
})

const hasWrk = spawnSync('wrk', ['-v']).error === undefined

it.runIf(hasWrk)('runs wrk with the script of the package', async () => {
  const pids = join(folder(), 'pids')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const result = await once({ run: `wrk -t1 -c4 -d3s --latency -s "$SEMANTOS_WRK_LATENCY" ${url}`, parser: { name: 'wrk' }, service: { start: listener(port, pids), ready: { http: url } } })
  expect(result.requests).toBeGreaterThan(0)
  expect(result.latency.p95_ms).toBeGreaterThanOrEqual(result.latency.p50_ms)
})

it('says what its tool does not make anew', async () => {
  const asked: TakesEffect[] = ['at once', 'next listen()', 'new connections', 'next open()']
  expect((await once({ ...jsonl, run: 'echo 1' }, asked)).unseen).toEqual(['next listen()', 'new connections', 'next open()'])
  expect((await once({ ...jsonl, run: 'echo 1', fresh: ['next open()'] }, asked)).unseen).toEqual(['next listen()', 'new connections'])
  const hackbench = 'echo "Running in process mode with 2 groups using 40 file descriptors each (== 80 tasks)"; echo "Each sender will pass 50 messages of 100 bytes"; echo "Time: 0.2"'
  expect((await once({ run: hackbench, parser: { name: 'hackbench' } }, [...asked, 'next boot'])).unseen).toEqual(['next boot'])
})

describe.runIf(process.getuid?.() === 0)('what the kernel remembers of peers', () => {
  /** A program `ip` that notes what it is asked, and fails where it is told to. */
  const withIp = (status = 0) => {
    const cwd = folder()
    writeFileSync(join(cwd, 'ip'), `#!/bin/sh\necho "ip $*" >> ${join(cwd, 'asked')}\nexit ${status}\n`, { mode: 0o755 })
    return { cwd, env: { PATH: `${cwd}:${process.env['PATH'] ?? ''}` } }
  }
  const askedOf = (cwd: string) => (existsSync(join(cwd, 'asked')) ? readFileSync(join(cwd, 'asked'), 'utf8') : '')
  const asked: TakesEffect[] = ['at once', 'new connections', 'tcp_metrics flush']

  it('is flushed where connections are new behind that, also with their service', async () => {
    const ip = withIp()
    expect((await once({ ...jsonl, ...ip, run: 'echo 1', fresh: ['new connections'] }, asked)).unseen).toEqual([])
    expect(askedOf(ip.cwd)).toBe('ip tcp_metrics flush all\n')
    await using kit = await mount(workloadCommand({ ...jsonl, ...ip, run: 'echo 1', service: { restart: 'echo restart >> asked', ready: { command: 'true' } } }), { timeLimitMs: PATIENCE_MS })
    expect((await measured(kit, ['tcp_metrics flush'])).unseen).toEqual([])
    expect(askedOf(ip.cwd)).toBe('ip tcp_metrics flush all\nip tcp_metrics flush all\nrestart\n')
  })

  it('is left alone where nobody asks, where it would be of no use, and where the workload flushes it itself', async () => {
    const ip = withIp()
    expect((await once({ ...jsonl, ...ip, run: 'echo 1', fresh: ['new connections'] }, ['new connections'])).unseen).toEqual([])
    expect((await once({ ...jsonl, ...ip, run: 'echo 1' }, asked)).unseen).toEqual(['new connections', 'tcp_metrics flush'])
    expect((await once({ ...jsonl, ...ip, run: 'echo 1', fresh: ['new connections', 'tcp_metrics flush'] }, asked)).unseen).toEqual([])
    expect(askedOf(ip.cwd)).toBe('')
  })

  it('is not seen where it cannot be flushed, which is said once', async () => {
    const ip = withIp(2)
    await using kit = await mount(workloadCommand({ ...jsonl, ...ip, run: 'echo 1', fresh: ['new connections'] }), { timeLimitMs: PATIENCE_MS })
    for (let trial = 0; trial < 2; trial++) expect((await measured(kit, asked)).unseen).toEqual(['tcp_metrics flush'])
    expect(kit.logged.filter((line) => !line.includes('the workload runs as root'))).toEqual([containing('what takes effect at tcp_metrics flush is not seen: flush: "ip tcp_metrics flush all" ended with status 2')])
    expect(askedOf(ip.cwd)).toBe('ip tcp_metrics flush all\n')
  })
})

it.each<[string, unknown]>([
  ['parser', { run: 'true', parser: { name: 'wrk2' } }],
  ['service', { run: 'true', parser: { name: 'wrk' }, service: { ready: { tcp: '127.0.0.1:80' } } }],
  ['service.ready', { run: 'true', parser: { name: 'wrk' }, service: { start: 'true', ready: {} } }],
  ['run', { run: [], parser: { name: 'wrk' } }],
])('refuses options: %s', (path, options) => {
  const { error: refusal } = Options.safeParse(options)
  expect(refusal?.issues[0]?.path.join('.')).toContain(path)
})

it('says what a parser should look like', () => {
  expect(Options.safeParse({ run: 'true', parser: 'jsonl' }).error?.issues).toMatchObject([{ path: ['parser'], message: "must be such as { name: 'jsonl' }" }])
})
