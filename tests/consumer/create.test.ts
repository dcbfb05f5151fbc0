import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunReport, z } from '@semantos/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { STAGE_NAMES } from '@semantos/core/kernel'
import { Outside, top } from './install.js'

const STAGES = [...STAGE_NAMES, 'any']
const Listing = z.object({ plugins: z.array(z.object({ name: z.string(), stage: z.string() })) })
let outside: Outside

beforeAll(() => void (outside = new Outside()), 600_000)

/** The command with nobody at a terminal. */
function create(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(outside.folder, 'node_modules/.bin/create-semantos-plugin'), ...words], { cwd: outside.folder, encoding: 'utf8' })
  return { status, stdout, stderr }
}

const Regressed = z.object({ code: z.literal(4), stdout: z.string() })

describe('npm create semantos-plugin', { timeout: 600_000 }, () => {
  test.each(STAGES)('--stage %s leaves a plugin that builds, whose tests pass, and that runs in the default preset', async (stage) => {
    const name = `@stranger/semantos-${stage}-x`
    expect(create('--stage', stage, '--name', name)).toMatchObject({ status: 0, stderr: '' })
    const folder = join(outside.folder, `semantos-${stage}-x`)

    const printed = await outside.test(folder)
    expect(printed).toMatch(/^ℹ pass [1-9]/m)
    expect(printed).toMatch(/^ℹ fail 0$/m)
    for (const rule of ['identity', 'disposal', 'hostile input']) expect(printed).toMatch(new RegExp(`^✔ ${name}: ${rule}: `, 'm'))

    const { plugins } = Listing.parse(JSON.parse(await outside.run(folder, 'semantos', 'plugins', '--json')))
    expect(plugins).toContainEqual({ name, stage })
    // What measures this machine is refused beside a sandbox, so of a workload only a plan is made.
    const words = stage === 'workload' ? ['plan'] : ['--trials', '2']
    const report = await outside.run(folder, 'semantos', ...words, '--json').catch((error: unknown) => Regressed.parse(error).stdout)
    const run = RunReport.parse(JSON.parse(report))
    expect(run.plugins).toContainEqual({ name, stage, version: '0.1.0' })
    if (stage === 'reasoning') expect(run.plan.recommendations.map(({ proposed_by }) => proposed_by)).toContain(name)

    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /^(src\/|README|semantos\.config|package)/.test(path) && /\./.test(path))) {
      expect(readFileSync(join(folder, file), 'utf8'), file).not.toContain('@acme/')
    }
  })

  test('the command of the guide and of its own page is taken as it is shown', () => {
    for (const page of ['docs/plugin-guide.md', 'packages/create-semantos-plugin/README.md']) {
      const [, words = ''] = /^npm create semantos-plugin -- (.+)$/m.exec(readFileSync(join(top, page), 'utf8')) ?? []
      expect(create(...words.split(' '), '--folder', page.replaceAll(/\W/g, '-'))).toMatchObject({ status: 0, stderr: '' })
    }
  })

  test('says what to do next', () => {
    expect(create('--stage', 'report', '--name', 'plain', '--folder', 'some/where').stdout).toBe('plain, a plugin of stage report, is in some/where. Next:\n\n  cd some/where\n  npm install\n  npm test\n')
    expect(readFileSync(join(outside.folder, 'some/where/README.md'), 'utf8')).toContain('# plain\n')
  })

  test('--help shows the stages and an example', () => {
    const { status, stdout } = create('--help')
    expect(status).toBe(0)
    for (const stage of STAGES) expect(stdout).toMatch(new RegExp(`^  ${stage} `, 'm'))
    expect(stdout).toContain('npm create semantos-plugin -- --stage reasoning --name @acme/semantos-reasoning-x')
  })

  test.each([
    [[], '--stage and --name must be given'],
    [['--stage', 'report'], '--name must be given'],
    [['--name', 'x'], '--stage must be given'],
    [['--stage', 'reports', '--name', 'x'], "there is no stage called 'reports'"],
    [['--stage', 'report', '--name', 'Has Spaces'], 'must be a package name'],
    [['--stage', 'report', '--name', '../x'], 'must be a package name'],
    [['--stage', 'report', '--name', 'x', '--fast'], "unknown option '--fast'"],
  ])('%j is refused with what is wrong, and leaves nothing', (words, message) => {
    const before = readdirSync(outside.folder)
    const { status, stdout, stderr } = create(...words)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(readdirSync(outside.folder)).toEqual(before)
  })

  test('a folder that is not empty is refused and left as it is; an empty one is taken', () => {
    const full = join(outside.folder, 'full')
    mkdirSync(full)
    writeFileSync(join(full, 'mine.txt'), 'mine')
    const refused = create('--stage', 'report', '--name', 'x', '--folder', 'full')
    expect(refused).toMatchObject({ status: 2, stdout: '' })
    expect(refused.stderr).toMatch(/the folder is not empty: it has mine\.txt \[SEMANTOS_E_USAGE\]/)
    expect(readdirSync(full)).toEqual(['mine.txt'])

    mkdirSync(join(outside.folder, 'empty'))
    expect(create('--stage', 'report', '--name', 'x', '--folder', 'empty').status).toBe(0)
  })

  test.skipIf(!existsSync('/proc/self'))('a file system that makes no folders is told, and not waited for (needs /proc)', () => {
    const { status, stderr } = create('--stage', 'report', '--name', 'x', '--folder', '/proc/x')
    expect(status).toBe(2)
    expect(stderr).toMatch(/ENOENT.* \[SEMANTOS_E_WRITE_FAILED\]\n {2}at: {3}\/proc\/x\n/)
  })

  test('a place that cannot be written is told', () => {
    writeFileSync(join(outside.folder, 'in-the-way'), '')
    const { status, stderr } = create('--stage', 'report', '--name', 'x', '--folder', 'in-the-way/x')
    expect(status).toBe(2)
    expect(stderr).toMatch(/ENOTDIR.* \[SEMANTOS_E_WRITE_FAILED\]\n {2}at: {3}.*\/in-the-way\/x\n/)
  })
})

/** Python's pty module is a real pseudo-terminal. Each answer is typed once its question is on the screen. */
const PTY = `
import fcntl, os, pty, select, struct, sys, termios, time
answers = [answer.split('=', 1) for answer in sys.argv[2:]]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 100, 0, 0))
    os.execvp('node', ['node', sys.argv[1]])
screen = b''
while True:
    if not select.select([terminal], [], [], 100)[0]: os.kill(pid, 9); sys.exit(repr(screen))
    try: read = os.read(terminal, 4096)
    except OSError: break
    if not read: break
    screen += read
    if answers and answers[0][0].encode() in screen:
        time.sleep(0.2)
        os.write(terminal, answers.pop(0)[1].encode().decode('unicode_escape').encode())
sys.stdout.buffer.write(screen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`
const python = spawnSync('python3', ['-c', 'import pty'], { encoding: 'utf8' }).status === 0

describe.skipIf(!python)('on a terminal (needs python3)', { timeout: 300_000 }, () => {
  const onTerminal = (folder: string, ...answers: string[]) => {
    mkdirSync(join(outside.folder, folder))
    return spawnSync('python3', ['-c', PTY, join(outside.folder, 'node_modules/.bin/create-semantos-plugin'), ...answers], { cwd: join(outside.folder, folder), encoding: 'utf8' })
  }

  test('asks for stage and name', () => {
    const { status, stdout } = onTerminal('asked', 'Which stage?=\\x1b[B\\x1b[B\\r', 'name of its package?=@stranger/chosen\\r')
    expect(stdout).toContain('@stranger/chosen, a plugin of stage reasoning, is in chosen.')
    expect(status).toBe(0)
    expect(readFileSync(join(outside.folder, 'asked/chosen/src/index.ts'), 'utf8')).toContain("stage: 'reasoning'")
  })

  test('a name that npm would not take is asked for again', () => {
    const { status, stdout } = onTerminal('again', 'Which stage?=\\r', 'name of its package?=No\\r', 'must be a package name=\\x7f\\x7fyes\\r')
    expect(stdout).toContain('yes, a plugin of stage telemetry, is in yes.')
    expect(status).toBe(0)
  })

  test('Ctrl-C leaves nothing', () => {
    const { status, stdout } = onTerminal('cancelled', 'Which stage?=\\x03')
    expect(stdout).toContain('Nothing was made.')
    expect(status).toBe(130)
    expect(readdirSync(join(outside.folder, 'cancelled'))).toEqual([])
    expect(existsSync(join(outside.folder, 'cancelled', 'README.md'))).toBe(false)
  })
})
