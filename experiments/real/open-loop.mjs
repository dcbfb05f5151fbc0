/**
 * Sends requests at fixed times, whatever became of those before, and prints a latency each, from when it was due, as
 * workload-command's parser jsonl reads them. One that has no answer within `limitMs` counts as failed, with that latency.
 * `send(answered, failed)` starts one.
 */
export async function openLoop({ perSecond, seconds, limitMs }, send) {
  const total = perSecond * seconds
  const lines = []
  const started = performance.now()
  await new Promise((resolve) => {
    let sent = 0
    const request = (due) => {
      const end = (line) => {
        clearTimeout(timer)
        lines.push(line)
        if (lines.length === total) resolve()
        timer = undefined
        end.done = true
      }
      const once = (line) => end.done || end(line)
      const failed = () => once(`{"latency_ms":${limitMs},"ok":false}`)
      let timer = setTimeout(failed, due + limitMs - performance.now())
      send(() => once((performance.now() - due).toFixed(3)), failed)
    }
    const tick = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - started) * perSecond) / 1000))
      while (sent < due) request(started + (sent++ * 1000) / perSecond)
      if (sent === total) clearInterval(tick)
    }, 1)
  })
  process.stdout.write(`${lines.join('\n')}\n`, () => process.exit(0))
}
