import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { geteuid } from 'node:process'

/**
 * Tests on the real kernel need root on Linux, and leave to write and to make network namespaces, which root in a container may lack.
 * Everything they change they restore, byte for byte.
 */
export const mayTouchKernel = process.platform === 'linux' && geteuid?.() === 0 && isWritable('/proc/sys/vm/swappiness') && spawnSync('unshare', ['--net', 'true']).status === 0

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** A network namespace of a test's own, held by a process inside it. */
export class TestNamespace implements AsyncDisposable {
  private constructor(readonly holder: ChildProcess) {}

  static async create(): Promise<TestNamespace> {
    const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 1000'], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    return new TestNamespace(holder)
  }

  /** As `--netns` takes it. */
  get spec(): string {
    return String(this.holder.pid)
  }

  /** What puts a command inside. */
  get prefix(): string[] {
    return ['nsenter', `--net=/proc/${this.spec}/ns/net`, '--']
  }

  /** The bytes of files as they look from inside, one after the other. */
  read(paths: readonly string[]): string {
    const [program = '', ...rest] = [...this.prefix, 'cat', ...paths]
    return execFileSync(program, rest, { encoding: 'latin1' })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.holder.kill('SIGKILL')
    if (this.holder.exitCode === null && this.holder.signalCode === null) await once(this.holder, 'exit')
  }
}
