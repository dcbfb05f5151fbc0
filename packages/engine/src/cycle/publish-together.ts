import type { Cycle, PendingFile, Reporting } from '@semantos/core'

/**
 * Names the files of all reports once each is on the disk; where one fails, none gets its name, and those of an earlier run stay as they are.
 * `learn` comes between: what is taken back because it could not be reported is not remembered as good.
 */
export async function publishTogether(cycle: Cycle, report: (context: Reporting) => Promise<void>, learn: () => Promise<void>): Promise<void> {
  const files: PendingFile[] = []
  let open = true
  const publish = (file: PendingFile) => {
    // A tap that was cut off may still come.
    if (!open) return void file.discard()
    files.push(file)
    file.finish()
  }
  try {
    await report({ ...cycle, publish })
    open = false
    await learn()
    for (const file of files) file.publish()
  } finally {
    open = false
    for (const file of files) file.discard()
  }
}
