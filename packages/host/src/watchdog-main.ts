import { decodeTask } from './watchdog-task.js'
import { runGuard } from './watchdog.js'

/** What the guard process starts once its run has ended: `node watchdog-main.js TASK`, with the task as JSON. */
process.stdout.write(await runGuard(decodeTask(JSON.parse(process.argv[2] ?? '{}'))))
