import { decodeTask } from './host/guard-task.js'
import { runGuard } from './host/guard.js'

/** What the guard process starts once its run has ended: `node guard.js TASK`, with the task as JSON. */
process.stdout.write(await runGuard(decodeTask(JSON.parse(process.argv[2] ?? '{}'))))
